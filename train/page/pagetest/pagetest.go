// Package pagetest has what the tests of several pages need: a trained run, the elements and the figures of a page, and a
// browser. Only tests import this package.
package pagetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"lstm/train"
	"lstm/train/page"
	"lstm/train/plot"
	"lstm/train/proof"
	"lstm/train/settings"
	"lstm/train/task"
)

// ErrAbsent says that a task is not in the tree. Tests that need the task are skipped.
var ErrAbsent = errors.New("no such task")

// Prepare trains a run of a task with seed 42, and checks it. folder is the path to the folder train. change may change
// the settings; it may be nil.
func Prepare(folder, name string, change func(c *settings.Config)) (*train.Run, *proof.Proof, error) {
	kind, ok := task.Find(name)
	if !ok {
		return nil, nil, ErrAbsent
	}
	c := kind.Defaults
	c.Task, c.Seed = name, 42
	switch name {
	case "series":
		c.Data, c.Column, c.Diff = filepath.Join(folder, "testdata", "co2.csv"), "CO2", true
	case "text":
		c.Data = filepath.Join(folder, "page", "page.html")
	}
	if change != nil {
		change(&c)
	}
	r, err := train.New(c)
	if err != nil {
		return nil, nil, err
	}
	if err := r.Train(c.Steps, func() {}); err != nil {
		return nil, nil, err
	}
	r.KeepBest()
	limit := 0
	if r.Entries() > 3000 {
		limit = 20
	}
	window, stride := r.Truncation()
	p := proof.New(r.Model, r.Fresh(), window, stride)
	return r, p, p.Check(false, limit, 42, nil)
}

// Trained works like Prepare. It ends the test if there is an error, and skips it if there is no such task.
func Trained(t testing.TB, folder, task string, change func(c *settings.Config)) (*train.Run, *proof.Proof) {
	t.Helper()
	r, proof, err := Prepare(folder, task, change)
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("%s: %v", task, err)
	}
	return r, proof
}

// Elements reads a page as XML, and calls f with every element.
func Elements(t testing.TB, name string, html []byte, f func(e xml.StartElement)) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(html))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: not well-formed: %v", name, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			f(e)
		}
	}
}

// Says reports whether a page contains a text.
func Says(page []byte, text string) bool {
	return strings.Contains(html.UnescapeString(string(page)), text)
}

// Equal compares two values of any type.
func Equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Chart returns the chart of a figure. Another figure ends the test.
func Chart(t testing.TB, f page.Figure) *plot.Chart {
	t.Helper()
	c, ok := f.Figure.(*plot.Chart)
	if !ok {
		t.Fatalf("%T is not a chart", f.Figure)
	}
	return c
}

// Stack returns the stack of a figure. Another figure ends the test.
func Stack(t testing.TB, f page.Figure) *plot.Stack {
	t.Helper()
	s, ok := f.Figure.(*plot.Stack)
	if !ok {
		t.Fatalf("%T is not a stack", f.Figure)
	}
	return s
}

// Chromium returns the path of the browser. Without a browser, or with -short, the test is skipped.
func Chromium(t testing.TB) string {
	t.Helper()
	path := Browser()
	if path == "" || testing.Short() {
		t.Skip("no Chromium, or -short")
	}
	return path
}

// Browser returns the path of the browser, or "" if no browser is found.
func Browser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Switches returns the command-line arguments for the browser. dir is a folder for its files.
func Switches(dir string, dark bool) []string {
	return []string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
		"--user-data-dir=" + filepath.Join(dir, "profile"), fmt.Sprintf("--blink-settings=preferredColorScheme=%d", map[bool]int{true: 0, false: 1}[dark])}
}

// Browse opens a page in the browser. A script of the page writes JSON into an element <pre id="seen">, and Browse stores
// it in seen. A line on the console is an error.
func Browse(t testing.TB, browser string, page []byte, dark bool, seen any) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, page, 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(browser, append(Switches(dir, dark), "--window-size=1400,1000", "--dump-dom", "file://"+file)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	if bytes.Contains(stderr.Bytes(), []byte("CONSOLE")) {
		t.Errorf("the console is not empty: %s", &stderr)
	}
	pre := regexp.MustCompile(`<pre id="seen">(.*)</pre>`).FindSubmatch(stdout.Bytes())
	if pre == nil {
		t.Fatalf("the browser returns nothing\n%s", &stderr)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(pre[1]))), seen); err != nil {
		t.Fatal(err)
	}
}
