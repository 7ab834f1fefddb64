package answer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNull: a gradient without a known entry is not in the table, and the others are judged.
func TestNull(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../glue/testdata/forum.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	grads := file["grads"].(map[string]any)
	grads["Wy"] = [][]any{{nil}, {nil}, {nil}, {nil}, {nil}}
	grads["bi"] = append([]any{nil}, grads["bi"].([]any)[1:]...)
	delete(file, "numeric")
	if data, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "null.json")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	a, err := File(name)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	a.Write(&text)
	if len(a.Results) != 9 || a.Verdict != Right || strings.Contains(text.String(), "Wy[") {
		t.Errorf("%d parameters:\n%s", len(a.Results), &text)
	}
	for _, r := range a.Results {
		if r.Name == "bi" && (len(r.Entries) != 4 || r.Entries[0].Index != 1) {
			t.Errorf("bi has the entries %v", r.Entries)
		}
	}
}
