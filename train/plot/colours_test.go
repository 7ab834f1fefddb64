package plot

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// TestContrast: every colour of a meaning has a contrast of 4.5 to 1 against the paper and its tint, in light,
// dark and print, and no two meanings share a colour.
func TestContrast(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(string(colours), -1)
	if len(blocks) != 3 {
		t.Fatalf("%d sets of colours", len(blocks))
	}
	for n, block := range blocks {
		all := make(map[string]string)
		for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]+);`).FindAllStringSubmatch(block[1], -1) {
			all[m[1]] = m[2]
		}
		seen := make(map[string]string)
		for _, name := range []string{"ink", "soft", "forward", "minus", "backward", "measured", "within", "above", "unknown", "target", "baseline"} {
			for _, behind := range []string{"paper", "tint"} {
				if c := contrast(t, all[name], all[behind]); c < 4.5 {
					t.Errorf("set %d: --%s on --%s has a contrast of %.2f", n, name, behind, c)
				}
			}
			if other := seen[all[name]]; other != "" && name != "unknown" && name != "target" { // the colours of plain text
				t.Errorf("set %d: --%s is --%s", n, name, other)
			}
			seen[all[name]] = name
		}
		if c := contrast(t, all["pale"], all["paper"]); c < 3 {
			t.Errorf("set %d: --pale has a contrast of %.2f", n, c)
		}
	}
	if c := contrast(t, "#fff", "#000"); math.Abs(c-21) > 1e-9 {
		t.Errorf("white on black: %v", c)
	}
}

// contrast returns the contrast of two colours as WCAG 2 defines it.
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) (sum float64) {
	hex := regexp.MustCompile(`^#(.)(.)(.)$`).ReplaceAllString(colour, "#$1$1$2$2$3$3")
	if len(hex) != 7 {
		t.Fatalf("%q is not a colour", colour)
	}
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(n) / 255
		if v > 0.04045 {
			v = math.Pow((v+0.055)/1.055, 2.4)
		} else {
			v /= 12.92
		}
		sum += share * v
	}
	return sum
}
