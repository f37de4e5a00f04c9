package chaperone_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// floor is one row of the table of floors in docs/architecture.md.
type floor struct {
	number   string
	packages []string
	imports  []string // package paths, or "floor N"
}

func TestImportsGoDownOnlyAsTheMapSays(t *testing.T) {
	floors := readFloors(t)
	home := map[string]floor{}
	for _, f := range floors {
		for _, p := range f.packages {
			home[p] = f
		}
	}
	for pkg, imports := range productImports(t) {
		room := roomOf(pkg, home)
		if room == "" {
			t.Errorf("package %s has no floor: give it a row in docs/architecture.md", pkg)
			continue
		}
		for _, imp := range imports {
			target := roomOf(imp, home)
			if target == room || allowed(home[room], imp, target, home) {
				continue
			}
			t.Errorf("%s (floor %s) imports %s (floor %s): imports go down only",
				pkg, home[room].number, imp, home[target].number)
		}
	}
}

func TestOnlyTheDaemonImportsTheStore(t *testing.T) {
	for pkg, imports := range productImports(t) {
		if pkg == "internal/daemon" || strings.HasPrefix(pkg, "internal/store") {
			continue
		}
		for _, imp := range imports {
			if strings.HasPrefix(imp, "internal/store") {
				t.Errorf("%s imports %s: only internal/daemon may", pkg, imp)
			}
		}
	}
}

func TestOnlyTheNamedPackagesExposeIdentifyingText(t *testing.T) {
	mayExpose := []string{
		"phi", "chaperone", "deid", "internal/vault", "internal/gateway", "internal/console", "internal/connect",
		"internal/workflow", "internal/oversight",
		// The record keeps the patient's reference inside its sealed part.
		"internal/audit",
		// Its client and its server pass pairs over the local socket, to restore files.
		"internal/api",
	}
	eachProductFile(t, func(pkg, file string, parsed *ast.File) {
		if within(pkg, mayExpose) {
			return
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Expose" {
				t.Errorf("%s exposes identifying text; only %s may", file, strings.Join(mayExpose, ", "))
			}
			return true
		})
	})
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	documented := map[string]bool{}
	eachProductFile(t, func(pkg, _ string, parsed *ast.File) {
		documented[pkg] = documented[pkg] || parsed.Doc != nil && len(parsed.Doc.Text()) > 40
	})
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment that says what it owns and what it refuses", pkg)
		}
		switch path.Base(pkg) {
		case "util", "utils", "common", "helpers", "types", "misc":
			t.Errorf("package %s is named after nothing", pkg)
		}
	}
}

func TestNoInitFunctions(t *testing.T) {
	eachProductFile(t, func(_, file string, parsed *ast.File) {
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: effects belong to whoever asks for them", file)
			}
		}
	})
}

func readFloors(t *testing.T) []floor {
	t.Helper()
	doc, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	var floors []floor
	row := regexp.MustCompile(`(?m)^\| (\d) \w+ \| ([^|]+) \| ([^|]+) \|$`)
	for _, m := range row.FindAllStringSubmatch(string(doc), -1) {
		floors = append(floors, floor{m[1], splitList(m[2]), splitFloors(m[3])})
	}
	if len(floors) != 6 {
		t.Fatalf("docs/architecture.md has %d rows of floors, want 6", len(floors))
	}
	return floors
}

func splitList(s string) []string {
	var list []string
	for _, w := range strings.Split(s, ",") {
		list = append(list, strings.TrimSpace(w))
	}
	return list
}

// splitFloors reads "floors 3, 2, 1", "floor 1" and lists of packages.
func splitFloors(s string) []string {
	var list []string
	inFloors := false
	for _, w := range splitList(s) {
		if rest, ok := strings.CutPrefix(w, "floors "); ok {
			inFloors, w = true, rest
		} else if rest, ok := strings.CutPrefix(w, "floor "); ok {
			w = "floor " + rest
		}
		if inFloors && len(w) == 1 {
			w = "floor " + w
		}
		list = append(list, w)
	}
	return list
}

// roomOf finds the package of the table that pkg is, or is a sub-folder of.
func roomOf(pkg string, home map[string]floor) string {
	for p := pkg; p != "." && p != "/"; p = path.Dir(p) {
		if _, ok := home[p]; ok {
			return p
		}
	}
	return ""
}

func allowed(from floor, imp, target string, home map[string]floor) bool {
	for _, a := range from.imports {
		if a == imp || a == target && imp == target || a == "floor "+home[target].number {
			return true
		}
	}
	return false
}

func within(pkg string, list []string) bool {
	for _, p := range list {
		if pkg == p || strings.HasPrefix(pkg, p+"/") {
			return true
		}
	}
	return false
}

// productImports maps each package of the product to those of ours that it
// imports, tests left out. The root package is called "chaperone".
func productImports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
			GoFiles    []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name, ours := localName(p.ImportPath)
		if !ours || len(p.GoFiles) == 0 || outside(name) {
			continue
		}
		all[name] = nil
		for _, imp := range p.Imports {
			if local, ours := localName(imp); ours {
				all[name] = append(all[name], local)
			}
		}
	}
	if len(all) < 10 {
		t.Fatalf("go list named only %d packages", len(all))
	}
	return all
}

func localName(importPath string) (string, bool) {
	if importPath == "chaperone" {
		return "chaperone", true
	}
	return strings.CutPrefix(importPath, "chaperone/")
}

// outside reports whether a package is no part of the product: measuring and
// testing programs may import what they measure.
func outside(pkg string) bool {
	return within(pkg, []string{"bench", "e2e", "tools"}) || strings.HasSuffix(pkg, "test") || strings.Contains(pkg, "/internal/gen")
}

func eachProductFile(t *testing.T, visit func(pkg, file string, parsed *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if pkg == "." {
			pkg = "chaperone"
		}
		if outside(pkg) {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		visit(pkg, file, parsed)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
