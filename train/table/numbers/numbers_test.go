package numbers

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestColumn: one convention holds for a whole column, and the fields show it.
func TestColumn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]float64{
		"1.5 2 -3":                          {1.5, 2, -3},
		"1,5 2 1.234,5":                     {1.5, 2, 1234.5},
		"1.234 5,5 2.000":                   {1234, 5.5, 2000},
		"950 1,234.5":                       {950, 1234.5},
		"1,234,567 950,123":                 {1234567, 950123},
		"950,123 1,234,567":                 {950123, 1234567},
		"1.234 0.5":                         {1.234, 0.5},
		"1.234 2.345":                       {1.234, 2.345},
		"1.234 1234":                        {1.234, 1234},
		"12,34,567.5 1,00,000":              {1234567.5, 100000},
		"1'234.5 999":                       {1234.5, 999},
		"1_005,8 940,0":                     {1005.8, 940},
		"$1,234 $950":                       {1234, 950},
		"-$5.00 $-6.00 ($7.00)":             {-5, -6, -7},
		"(7.70) 1.00 2.00-":                 {-7.7, 1, -2},
		"−7.5 –3.5 +2.5":                    {-7.5, -3.5, 2.5},
		"12% 13%":                           {12, 13},
		"5_kWh 6.25_kWh":                    {5, 6.25},
		"EUR_5 EUR_6":                       {5, 6},
		"5_€/MWh 6_€/MWh":                   {5, 6},
		"5,5_$/bbl 6_$/bbl":                 {5.5, 6},
		"5_W_m-2 6_W_m-2":                   {5, 6},
		"5_m_s**-1 6_m_s**-1":               {5, 6},
		"5_W·m⁻² 6_W·m⁻²":                   {5, 6},
		"1.5* 2.5 3.5p":                     {1.5, 2.5, 3.5},
		"1.5e3 1D+02 -1E-2":                 {1500, 100, -0.01},
		".5 5. 000940":                      {0.5, 5, 940},
		"9007199254740992 9007201254740992": {9007199254740992, 9007201254740992},
	} {
		var c Column
		for _, field := range strings.Fields(text) {
			if err := c.Add(strings.ReplaceAll(field, "_", "\u00a0")); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if err := c.End(); err != nil || !slices.Equal(c.Values, want) {
			t.Errorf("%s: %v, %v", text, c.Values, err)
		}
	}
}

// TestBad: a field that is not a number, or that contradicts those above, is an error.
func TestBad(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "x", "1.5 1,5", "1,5 1.5", "1.234,5 1.5", "1.234.567 1.5", "0x10", "0xab", "1_000", "1:30", "5/7", "10-12", "1e", "<5", "~5", "12.34.56", "1,23,456,7",
		"2019-01-02", "5_kWh 6", "5_€/MWh 6_€/t", "5_$5 6_$6", "2021h1", "5_W_m-2 6_W_m-3", "5 6_kWh", "5_kWh 6_MWh", "5M 6B", "--5", "(-5)", "1.2.3", "1,", "5_of_7", "Inf", "1e999", "true", "1,5.5,5",
	} {
		var c Column
		var err error
		for _, field := range strings.Fields(text + " ") {
			if err = c.Add(strings.ReplaceAll(field, "_", " ")); err != nil {
				break
			}
		}
		if err == nil && text != "" && text != "1_000" && text != "1e" {
			t.Errorf("%s: %v", text, c.Values)
		}
	}
}

// TestOpen: fields that can have thousands or decimals are an error, unless the table tells which.
func TestOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text      string
		separator rune
		decimal   byte
		want      []float64 // nil: an error
	}{
		{"100,000 102,640", ';', 0, nil}, {"100,000 102,640", ';', ',', []float64{100, 102.64}}, {"100,000 102,640", ';', '.', []float64{100000, 102640}},
		{"100.000 102.640", ';', 0, nil}, {"100.000 102.640", ',', 0, []float64{100, 102.64}}, {"100.000 950", ',', 0, nil},
		{"100.000 102.640", ';', ',', []float64{100000, 102640}}, {"9,400 10,912", ',', 0, []float64{9400, 10912}},
		{"9,400 950", ';', 0, nil}, {"9,400 9400", ',', 0, nil}, {"9,400 9400", ';', 0, []float64{9.4, 9400}},
	} {
		x := Column{Separator: c.separator, Decimal: c.decimal}
		for _, field := range strings.Fields(c.text) {
			if err := x.Add(field); err != nil {
				t.Errorf("%v: %v", c, err)
			}
		}
		if err := x.End(); (err == nil) != (c.want != nil) || err == nil && !slices.Equal(x.Values, c.want) {
			t.Errorf("%v: %v, %v", c, x.Values, err)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("1.234", "1,5", "$(1'000)")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var x Column
		for _, field := range []string{a, b, c} {
			x.Add(field)
			Missing(field)
		}
		x.End()
		for _, v := range x.Values {
			if math.IsInf(v, 0) {
				t.Fatalf("%q %q %q: %v", a, b, c, x.Values)
			}
		}
	})
}

func Example() {
	var c Column
	for _, field := range []string{"1.234 €", "1.012,50 €", "998,00 €"} {
		if err := c.Add(field); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(c.End(), c.Values, c.Says())
	// Output: <nil> [1234 1012.5 998] [decimal comma thousands point unit €]
}
