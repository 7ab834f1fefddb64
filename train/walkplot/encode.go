package walkplot

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strconv"

	"lstm/check/pass"
	"lstm/train/walk"
)

// A number is written with Digits digits. A number that is not finite is null.
type number float64

func (v number) MarshalJSON() ([]byte, error) {
	if x := float64(v); !math.IsNaN(x) && !math.IsInf(x, 0) {
		return strconv.AppendFloat(nil, x, 'g', Digits, 64), nil
	}
	return []byte("null"), nil
}

func numbers(x []float64) (all []number) {
	for _, v := range x {
		all = append(all, number(v))
	}
	return all
}

func table(n walk.Numbers) map[string][][]number {
	all := make(map[string][][]number)
	for name, rows := range n {
		for _, row := range rows {
			all[name] = append(all[name], numbers(row))
		}
	}
	return all
}

// A page has what the script reads.
type page struct {
	First  int                   `json:"first"`
	T      int                   `json:"steps"`
	Whole  int                   `json:"whole"`
	Units  []int                 `json:"units"`
	Unit   int                   `json:"unit"`
	Step   int                   `json:"step"`
	Spots  []spotOf              `json:"spots"`
	Has    []bool                `json:"has"`
	In     []string              `json:"in,omitempty"`
	Out    []string              `json:"out,omitempty"`
	Values map[string][][]number `json:"values"`
	Rest   map[string]number     `json:"rest,omitempty"` // what a gate that looks like 1 leaves of 1, by name, unit and step
	Sum    string                `json:"sum,omitempty"`  // stands for the target
	Cases  []caseOf              `json:"cases,omitempty"`
	Names  map[string]string     `json:"names,omitempty"` // if there are cases
}

type spotOf struct {
	Written int    `json:"written"`
	Read    int    `json:"read"`
	Also    int    `json:"also"` // −1: none
	Says    string `json:"says"`
	Keeps   string `json:"keeps,omitempty"`
	Writes  string `json:"writes"`
	Empty   bool   `json:"empty,omitempty"` // hardly anything is written
}

type caseOf struct {
	Name    string                `json:"name"`
	Values  map[string][][]number `json:"values,omitempty"`
	States  map[string][]string   `json:"states,omitempty"` // a letter for each step
	Begin   *walk.Place           `json:"begin,omitempty"`
	Says    string                `json:"says,omitempty"`
	Note    string                `json:"note,omitempty"`
	Another bool                  `json:"another,omitempty"`
	Names   map[string]string     `json:"names,omitempty"` // those that differ from the names of the page
}

type deltaOf struct {
	Wide     float64  `json:"wide"`
	High     float64  `json:"high"`
	Gradient number   `json:"gradient"`
	At       []number `json:"at"`
	Up       []number `json:"up"`
	Down     []number `json:"down"`
	Slope    []number `json:"slope"`
	Off      []number `json:"off"`
	X        []number `json:"x"`
	Y        []number `json:"y"`
}

// page returns the numbers of the Walk as the script reads them.
func (w walked) page() page {
	p := page{First: w.First, T: w.T, Whole: w.Whole, Units: w.Units, Unit: w.Unit, Step: w.Step, Has: w.Has, In: w.In, Out: w.Out, Values: table(w.Numbers)}
	for k, s := range w.Spots {
		p.Spots = append(p.Spots, spotOf{s.Written, s.Read, s.Also, w.says(k), w.keeps(s), w.writes(k), w.Empty(k)})
	}
	if w.Kind.Loss == pass.Sum {
		p.Sum = summed
	}
	if len(w.Cases) > 0 {
		p.Names = w.names(nil)
	} else {
		p.Rest = w.rests()
	}
	for _, c := range w.Cases {
		of := caseOf{Name: c.Name, Values: table(c.Numbers), Begin: c.Begin, Says: w.begins(&c), Note: c.Note, Another: c.Another, Names: w.names(&c)}
		maps.DeleteFunc(of.Names, func(name, text string) bool { return p.Names[name] == text })
		for name, rows := range c.States {
			if of.States == nil {
				of.States = make(map[string][]string)
			}
			for _, states := range rows {
				letters := make([]byte, len(states))
				for t, s := range states {
					letters[t] = byte(s)
				}
				of.States[name] = append(of.States[name], string(letters))
			}
		}
		p.Cases = append(p.Cases, of)
	}
	return p
}

// data returns an element with what the script reads. <, > and & are escaped.
func data(id string, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("walkplot: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	return `<script type="application/json" id="` + id + `">` + string(text) + "</script>\n"
}

// rests returns what the gates that look like 1 leave of 1.
func (w walked) rests() map[string]number {
	all := make(map[string]number)
	for _, name := range []string{"i", "f", "o", "g"} {
		for k, row := range w.Numbers[name] {
			for t, v := range row {
				if less, near := rest(name, v); near {
					all[fmt.Sprint(name, " ", k, " ", t)] = number(less)
				}
			}
		}
	}
	return all
}
