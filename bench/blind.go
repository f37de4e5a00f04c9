package main

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
)

// blinded are the functions that find identifiers and judge what is left, and
// what stands in their place when the bench builds a gateway without detection.
// The product has no such switch: the sources are exchanged for the compiler
// alone, through its overlay, and the binary dies with the bench's directory.
var blinded = []struct{ file, receiver, name, body string }{
	{"deid/veil.go", "Veil", "Read", ""},
	{"deid/veil.go", "Veil", "Findings", "return nil"},
	{"deid/veil.go", "Veil", "Conceal", "return strings.Clone(text)"},
	{"internal/gateway/weigh.go", "texts", "weigh", "return weight{}"},
	{"internal/gateway/document.go", "", "cutDocuments", "return []part{{text: text}}"},
}

// buildBlind compiles into dir a gateway that finds nothing: what authentication,
// ruling and record cost by themselves.
func buildBlind(ctx context.Context, dir string) (string, error) {
	replaced := map[string]string{}
	for i, b := range blinded {
		path, err := filepath.Abs(b.file)
		if err != nil {
			return "", err
		}
		from := path
		if earlier, ok := replaced[path]; ok {
			from = earlier
		}
		source, err := emptied(from, b.receiver, b.name, b.body)
		if err != nil {
			return "", err
		}
		replaced[path] = filepath.Join(dir, fmt.Sprintf("blind%d.go", i))
		if err := os.WriteFile(replaced[path], source, 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chaperone-without-detection")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-overlay", overlay, "-o", path, "./cmd/chaperone")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return path, cmd.Run()
}

// emptied is a source file in which one function has another body.
func emptied(path, receiver, name, body string) ([]byte, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, source, 0)
	if err != nil {
		return nil, err
	}
	for _, d := range parsed.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Name.Name != name || receiverOf(fn) != receiver {
			continue
		}
		from, to := files.Position(fn.Body.Lbrace).Offset, files.Position(fn.Body.Rbrace).Offset
		return append(append(append([]byte{}, source[:from+1]...), "\n\t"+body+"\n"...), source[to:]...), nil
	}
	return nil, fmt.Errorf("%s has no function %s any more: mend the list in bench/blind.go", path, name)
}

func receiverOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
