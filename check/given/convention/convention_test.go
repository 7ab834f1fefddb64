package convention

import (
	"path/filepath"
	"testing"

	"lstm/check/given"
)

func TestFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/s*.json")
	for _, f := range files {
		d, err := given.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(d)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		t.Logf("%s: %v loss %v %v", f, d.Precision, d.Loss.Data[0], r.Point.Loss)
		for _, w := range r.Words {
			t.Log("   ", w)
		}
		for _, w := range r.Others {
			t.Log("   OTHER", w)
		}
	}
}
