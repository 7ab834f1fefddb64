package museum

import (
	"fmt"
	"strings"
	"testing"

	"lstm/train/facts"

	"lstm/check/mistake"
)

// TestFigures: the chapters have the museum's figures: the number of exhibits, the number that a weak check
// misses, and the loss of a network if the backward pass lacks a term.
func TestFigures(t *testing.T) {
	count := make(map[string]int)
	cases := make(map[string]*Case)
	for _, e := range mistake.Exhibits {
		c, err := Look(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		cases[e.Name] = c
		switch {
		case e.Refuse != nil:
			count["refused"]++
		case e.See != "":
			count["unseen"]++
		default:
			count["shown"]++
		}
		if strings.Contains(c.Missed, "1") {
			count["missed"]++
		}
	}
	const chapter = "../README.md"
	facts.Block(t, chapter, "museum", fmt.Sprintf("This is one of %d *exhibits*: %d show in a check, %d show in no check of gradients, and in %d the check must refuse the loss.\n",
		len(mistake.Exhibits), count["shown"], count["unseen"], count["refused"]))
	facts.Block(t, chapter, "missed", fmt.Sprintf("Such a check misses %d of the museum's mistakes (the letter 1 in `go run . museum all`).\n", count["missed"]))
	table := fmt.Sprintf("| forgotten | wrong entries of %d | loss falls from %.3g to | NAME |\n| --- | --- | --- | --- |\n", cases["no-dc"].Total, cases["no-dc"].Before)
	for _, row := range [][2]string{
		{"one-path", "dc: its first term"}, {"no-dc", "dc: its second term"}, {"no-forget", "the f in dc′ = dc∘f"},
		{"no-readout", "dh: the readout's term, Wy dy"}, {"no-dh", "dh: the next step's term, Wh dz⁺"},
	} {
		c := cases[row[0]]
		table += fmt.Sprintf("| %s | %d | %.3g | `%s` |\n", row[1], c.Bad, c.After, row[0])
	}
	facts.Block(t, "../../cell/README.md", "forgotten", table)
}
