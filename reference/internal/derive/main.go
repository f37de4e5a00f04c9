// Command derive makes the lists under reference/data out of public packages
// that somebody has already unpacked into one folder. It downloads nothing.
// reference/SOURCES.md says which packages, which versions, under which
// licences, and how the folder is laid out.
//
//	go run ./reference/internal/derive -from FOLDER -to reference/data
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	from := flag.String("from", "", "folder with the unpacked packages")
	to := flag.String("to", "reference/data", "folder to write the lists to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "derive:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	steps := []struct {
		file string
		make func(string) ([]string, error)
	}{
		{"english.txt", english},
		{"french.txt", french},
		{"names.txt", names},
		{"places.txt", places},
		{"icd.txt", icd},
		{"people/towns.txt", towns},
	}
	for _, s := range steps {
		lines, err := s.make(from)
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		if err := write(filepath.Join(to, s.file), lines); err != nil {
			return err
		}
	}
	return nil
}
