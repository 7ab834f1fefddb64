package answer

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/check"
)

// A fieldCase is a program in testdata with a mistake that people made, and what an answer must say.
type fieldCase struct {
	name       string
	file, pipe Verdict
	why        string   // of the refusal by pipe
	wrong      string   // the parameters with a wrong entry
	mistakes   []string // what the causes from the file must say, one each: words of Likely and Line, with | between
}

// noFile stands for a program without a file of numbers.
const noFile = Verdict(-1)

var field = []fieldCase{
	{"s01_charnotebook", Wrong, Wrong, "", "W_f W_i W_g W_o W_v b_f b_i b_g b_o b_v",
		[]string{"handed back", "σ′|argument", "list of c", "tanh′|argument", "gate f|σ", "dWy|h of the step before", "0.25|norm", "number of outputs (4)"}},
	{"s02_cellbox", Wrong, Wrong, "", "Wfh Wfx bf Wih Wix bi Woh Wox bo Wch Wcx bc", []string{"dc is not handed back", "biases|copied", "inputs|last step only"}},
	{"s03_columns", Wrong, Wrong, "", "Wf Wi Wc Wo bf bi bc bo", []string{"gate g|one of two terms"}},
	{"s04_cfloat", Wrong, Wrong, "", "Wi Wf Wo Wg Ui Uf Uo Ug bi bf bo bg", []string{"gates|divided|steps (6)"}},
	{"s05_statedict", Wrong, Wrong, "", "lstm.weight_ih_l0 lstm.weight_hh_l0 lstm.bias_ih_l0 lstm.bias_hh_l0", []string{"dc is not handed back", "derivative of tanh|σ′"}},
	{"s06_sinewave", Right, None, "another loss", "", nil},
	{"s07_seqcheck", Right, Right, "", "", nil},
	{"s08_toynodes", Right, Right, "", "", nil},
	{"s09_tagger", noFile, Wrong, "", "Wxh Whh Bh", nil},
	{"s10_grukernel", noFile, Wrong, "", "weightsIh weightsHh biasIh biasHh hInit", nil},
	{"s11_modules", noFile, None, "impure loss", "", nil},
	{"s12_padrow", noFile, NotProven, "", "", nil},
	{"s13_normlayer", noFile, Wrong, "", "W1", nil},
	{"s14_keraslike", Wrong, Wrong, "", "lstm/kernel lstm/recurrent_kernel lstm/bias", []string{"window of 3 steps"}},
}

// wrongNames returns the parameters with a wrong entry.
func wrongNames(a *Answer) (names []string) {
	for _, r := range a.Results {
		if len(r.With(check.Wrong)) > 0 {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return names
}

func sorted(words string) []string {
	all := strings.Fields(words)
	slices.Sort(all)
	return all
}

// TestFiles: from the files, each verdict is right, each wrong parameter is found, and each mistake is named.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, c := range field {
		if c.file == noFile || testing.Short() && c.name == "s01_charnotebook" {
			continue
		}
		a, err := File(filepath.Join("testdata", c.name+".json"))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if wrong := wrongNames(a); a.Verdict != c.file || !slices.Equal(wrong, sorted(c.wrong)) {
			t.Errorf("%s: verdict %d, wrong %v", c.name, a.Verdict, wrong)
		}
		if len(a.Causes) != len(c.mistakes) {
			t.Errorf("%s: %d mistakes", c.name, len(a.Causes))
		}
		for _, words := range c.mistakes {
			if !slices.ContainsFunc(a.Causes, func(cause check.Cause) bool { return saysAll(cause, words) }) {
				t.Errorf("%s: no mistake says %s: %+v", c.name, words, a.Causes)
			}
		}
	}
}

// saysAll reports whether a cause has all words, with | between.
func saysAll(c check.Cause, words string) bool {
	for _, w := range strings.Split(words, "|") {
		if !strings.Contains(c.Likely+" "+c.Line+" "+c.Observed, w) {
			return false
		}
	}
	return true
}

// commandOf returns the command that runs a program of testdata. It skips the test where the language is missing.
func commandOf(t *testing.T, name string) []string {
	for _, ext := range []string{"py", "js", "c"} {
		source := filepath.Join("testdata", name+"."+ext)
		if found, _ := filepath.Glob(source); found == nil {
			continue
		}
		runs := map[string]string{"py": "python3", "js": "node", "c": "cc"}[ext]
		if _, err := exec.LookPath(runs); err != nil {
			t.Skip("no " + runs)
		}
		if ext != "c" {
			return []string{runs, source}
		}
		program := filepath.Join(t.TempDir(), "program")
		if out, err := exec.Command("cc", "-O2", "-o", program, source, "-lm").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return []string{program}
	}
	t.Fatal("no source of " + name)
	return nil
}

// TestPrograms: from the losses of the programs, each verdict is right, and each wrong parameter is found.
func TestPrograms(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts other languages")
	}
	for _, c := range field {
		t.Run(c.name, func(t *testing.T) {
			a, err := Process(context.Background(), commandOf(t, c.name), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if wrong := wrongNames(a); a.Verdict != c.pipe || a.Why != c.why || !slices.Equal(wrong, sorted(c.wrong)) {
				t.Errorf("verdict %d, %q, wrong %v", a.Verdict, a.Why, wrong)
			}
			if c.name == "s05_statedict" && len(a.Unfair) > 0 { // two biases have the same gradient, as they must
				t.Errorf("%q", a.Unfair)
			}
			if c.name == "s13_normlayer" && (len(a.Causes) != 2 || a.Causes[1].Kind != "cancels" || heads(a.Causes)[0] != "mistake") { // first the mistake
				t.Errorf("%+v", a.Causes)
			}
			if c.name != "s12_padrow" {
				return
			}
			for _, r := range a.Results { // a ReLU at its corner
				if unknown := len(r.With(check.Unresolved)); (unknown > 0) != (r.Name == "b1") {
					t.Errorf("%s: %d entries unknown", r.Name, unknown)
				}
			}
			if len(a.Causes) != 1 || a.Causes[0].Kind != "corner" {
				t.Errorf("%+v", a.Causes)
			}
		})
	}
}

// TestForum: the gradient of the script from the forum is right. Its check starts from another state.
func TestForum(t *testing.T) {
	t.Parallel()
	a, err := File("../glue/testdata/forum.json")
	if err != nil {
		t.Fatal(err)
	}
	if a.Verdict != Right || len(a.Causes) > 0 || len(a.Checker) != 1 || !strings.Contains(a.Checker[0], "state") || !strings.Contains(a.Checker[0], "first pass ended") {
		t.Errorf("verdict %d, %v, %q", a.Verdict, a.Causes, a.Checker)
	}
}
