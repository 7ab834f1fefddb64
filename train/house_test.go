package train_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHouse checks the rules of the tree: no Go file has more than 400 lines, no package more than
// 1,200, and in the packages of train no two files need each other. Test files do not count.
func TestHouse(t *testing.T) {
	t.Parallel()
	packages := make(map[string][]string) // the files of each folder
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != ".." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], path)
		}
		return err
	})
	if err != nil || len(packages) < 12 {
		t.Fatalf("%d packages, %v", len(packages), err)
	}
	for dir, files := range packages {
		lines := 0
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n := bytes.Count(data, []byte("\n"))
			if n > 400 {
				t.Errorf("%s has %d lines, above 400", file, n)
			}
			lines += n
		}
		if lines > 1200 {
			t.Errorf("%s has %d lines, above 1,200", dir, lines)
		}
		if strings.HasPrefix(dir, filepath.Join("..", "train")) {
			for _, path := range cycles(fileNeeds(t, dir, files)) {
				t.Errorf("files that need each other: %s", strings.Join(path, " → "))
			}
		}
	}
	planted := t.TempDir()
	var files []string
	for name, text := range map[string]string{"a.go": "package p\nfunc a() { b() }\n", "b.go": "package p\nfunc b() { a() }\n"} {
		files = append(files, filepath.Join(planted, name))
		if err := os.WriteFile(filepath.Join(planted, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if len(cycles(fileNeeds(t, planted, files))) == 0 {
		t.Error("the test does not find two files that need each other")
	}
}

// cycles returns the paths from a file over other files back to itself.
func cycles(needs map[string]map[string]bool) (all [][]string) {
	for file := range needs {
		if path := cycle(needs, file, file, nil); path != nil {
			all = append(all, path)
		}
	}
	return all
}

// fileNeeds returns, for each file of a package, the files with the declarations that it uses.
func fileNeeds(t *testing.T, dir string, names []string) map[string]map[string]bool {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	ignore := types.Config{Importer: noImports{}, Error: func(error) {}} // names of the package resolve without imports
	ignore.Check(dir, fset, files, info)
	needs := make(map[string]map[string]bool)
	for id, obj := range info.Uses {
		local := obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope()
		if !obj.Pos().IsValid() || local {
			continue
		}
		from, to := fset.Position(id.Pos()).Filename, fset.Position(obj.Pos()).Filename
		if from != to {
			if needs[from] == nil {
				needs[from] = make(map[string]bool)
			}
			needs[from][to] = true
		}
	}
	return needs
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, fs.ErrNotExist }

// cycle returns a path from one file over others to another, or nil.
func cycle(needs map[string]map[string]bool, from, to string, seen []string) []string {
	seen = append(seen, from)
	for _, next := range slices.Sorted(maps.Keys(needs[from])) {
		if next == to {
			return append(seen, to)
		}
		if !slices.Contains(seen, next) {
			if path := cycle(needs, next, to, seen); path != nil {
				return path
			}
		}
	}
	return nil
}
