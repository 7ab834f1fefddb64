package train_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocs: every package has a doc comment of some length and an Example that runs. Every exported
// name, field and method has a comment of its own or of its group. The doc of a type does not count
// for its fields.
func TestDocs(t *testing.T) {
	packages := 0
	filepath.WalkDir("..", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || dir != ".." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" {
			if d != nil && d.IsDir() && err == nil {
				return filepath.SkipDir
			}
			return err
		}
		fset := token.NewFileSet()
		var files []*ast.File
		tests := 0
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".go") {
				f, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, parser.ParseComments)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
				if strings.HasSuffix(e.Name(), "_test.go") {
					tests++
				}
			}
		}
		if len(files) == tests {
			return nil // no package: no Go file, or only tests of files in other languages
		}
		p, err := doc.NewFromFiles(fset, files, dir)
		if err != nil {
			t.Fatal(err)
		}
		packages++
		if len(p.Doc) < 80 {
			t.Errorf("%s: the package's doc is %q", dir, p.Doc)
		}
		if p.Name == "main" {
			return nil
		}
		examples := len(p.Examples)
		undocumented := func(name, doc string) {
			if doc == "" && token.IsExported(name) {
				t.Errorf("%s: %s has no comment", dir, name)
			}
		}
		values := func(all []*doc.Value) {
			for _, v := range all {
				for _, s := range v.Decl.Specs {
					s := s.(*ast.ValueSpec)
					for _, name := range s.Names {
						undocumented(name.Name, v.Doc+s.Doc.Text()+s.Comment.Text())
					}
				}
			}
		}
		funcs := func(all []*doc.Func) {
			for _, f := range all {
				undocumented(f.Name, f.Doc)
				examples += len(f.Examples)
			}
		}
		values(append(p.Consts, p.Vars...))
		funcs(p.Funcs)
		for _, typ := range p.Types {
			undocumented(typ.Name, typ.Doc)
			examples += len(typ.Examples)
			values(append(typ.Consts, typ.Vars...))
			funcs(append(typ.Funcs, typ.Methods...))
			for _, s := range typ.Decl.Specs {
				st, ok := s.(*ast.TypeSpec).Type.(*ast.StructType)
				if !ok {
					continue
				}
				group, end := "", 0 // a comment above a group of fields is for all fields up to an empty line
				for _, f := range st.Fields.List {
					if text := f.Doc.Text(); text != "" || fset.Position(f.Pos()).Line > end+1 {
						group = text
					}
					end = fset.Position(f.End()).Line
					for _, name := range f.Names {
						undocumented(typ.Name+"."+name.Name, f.Doc.Text()+f.Comment.Text()+group)
					}
				}
			}
		}
		if examples == 0 {
			t.Errorf("%s: no Example", dir)
		}
		return nil
	})
	if packages < 12 {
		t.Errorf("%d packages", packages)
	}
}
