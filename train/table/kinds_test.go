package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"lstm/train/table/dates"
)

// TestKinds: tables as stock markets, power companies, weather stations, offices and ministries publish them.
func TestKinds(t *testing.T) {
	t.Parallel()
	const n = 60
	var v []float64
	for i := range n {
		v = append(v, math.Round(1e4+5e3*math.Sin(float64(i)/5))/10)
	}
	hour := func(i int) time.Time { return time.Date(2021, 10, 30, i, 0, 0, 0, time.UTC) }
	table := func(head string, row func(i int) string) []string {
		lines := []string{head}
		for i := range n {
			lines = append(lines, row(i))
		}
		return lines
	}
	turned := func(lines []string) []string { slices.Reverse(lines[1:]); return lines }

	work := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	stock := turned(table("Date,Close/Last,Volume", func(int) string {
		for work = work.AddDate(0, 0, 1); work.Weekday()%6 == 0; work = work.AddDate(0, 0, 1) {
		}
		return work.Format("01/02/2006") + ",$%s,\"1,000,000\""
	}))
	for i := range n { // the newest comes first
		stock[1+i] = fmt.Sprintf(stock[1+i], fmt.Sprintf("%.2f", v[n-1-i]))
	}
	load := table("time;load", func(i int) string {
		return hour(i).Format("02.01.2006 15:04") + strings.Replace(fmt.Sprintf(";%.1f", v[i]), ".", ",", 1)
	})
	days := [][]string{load[1:25], load[25:49], load[49:]}
	rand.New(rand.NewPCG(1, 2)).Shuffle(3, func(i, j int) { days[i], days[j] = days[j], days[i] })
	shuffled := append([]string{load[0]}, slices.Concat(days...)...)
	sensor := table("when,value", func(i int) string {
		if i%20 == 7 {
			return hour(i).Format("2006-01-02 15:04:05") + ",-200"
		}
		return fmt.Sprintf("%s,%.1f", hour(i).Format("2006-01-02 15:04:05"), v[i])
	})
	covid := []string{"iso_code,continent,location,date,cases"}
	for k, c := range []string{"Norway", "Chile", "Sweden"} {
		for i := range n {
			covid = append(covid, fmt.Sprintf("%.3s,X,%s,%s,%.1f", c, c, work.AddDate(0, 0, i).Format("2006-01-02"), v[i]+float64(2-k)))
		}
	}
	wide := table("Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec", func(i int) string {
		return fmt.Sprintf("%d,%.1f%s", 1950+i, v[i], strings.Repeat(",1.5", 11))
	})
	autumn := table("date,value", func(i int) string { // 30 October 21:00 on; from 2:00 to 3:00 comes twice
		at := time.Date(2021, 10, 30, 21, 15*i, 0, 0, time.UTC)
		if i >= 24 {
			at = at.Add(-time.Hour)
		}
		return fmt.Sprintf("%s,%.1f", at.Format("2006-01-02 15:04"), v[i])
	})
	spring := table("date,value", func(i int) string {
		at := time.Date(2021, 3, 27, 12+i, 0, 0, 0, time.UTC)
		if i >= 14 {
			at = at.Add(time.Hour)
		}
		return fmt.Sprintf("%s,%.1f", at.Format("2006-01-02 15:04"), v[i])
	})
	ministry := slices.Concat([]string{"Ministry of Energy;;", "Table 3: load;;", ";;", "Monat;Last;Anm."}, table(";MWh;", func(i int) string {
		text := fmt.Sprintf("%.1f", v[i])
		if k := len(text) - 5; k > 0 {
			text = text[:k] + "." + text[k:]
		}
		text = text[:len(text)-2] + "," + text[len(text)-1:]
		return fmt.Sprintf("%s %d;%s;%s", []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}[i%12], 2010+i/12, text, strings.Repeat("1)", i%2))
	}), []string{";;", "Summe;60.000,5;", "1) vorläufig;;", "Quelle: Ministerium;;"})

	for name, c := range map[string]struct {
		lines  []string
		o      Options
		values []float64 // nil: an error, which holds first
		order  dates.Order
		first  string
		step   string
	}{
		"stock":            {stock, Options{Column: "Close/Last"}, v, dates.Descending, "01/02/2020", "one a working day"},
		"shuffled":         {shuffled, Options{Column: "load"}, v, dates.Shuffled, "30.10.2021 00:00", "one an hour"},
		"sensor":           {sensor, Options{Column: "value"}, nil, 0, "-missing -200", ""},
		"COVID":            {covid, Options{Column: "cases"}, nil, 0, "iso_code=Nor", ""},
		"COVID, a country": {covid, Options{Column: "cases", Group: "location=Sweden"}, v, dates.Ascending, work.Format("2006-01-02"), "one a day"},
		"wide":             {wide, Options{Column: "Jan"}, v, dates.Ascending, "1950", "one a year"},
		"wide, all":        {wide, Options{}, nil, 0, "-column", ""},
		"autumn":           {autumn, Options{Column: "value"}, v, dates.Ascending, "2021-10-30 21:00", "one in 15 minutes"},
		"autumn, turned":   {turned(slices.Clone(autumn)), Options{Column: "value"}, v, dates.Descending, "2021-10-30 21:00", "one in 15 minutes"},
		"spring":           {spring, Options{Column: "value"}, v, dates.Ascending, "2021-03-27 12:00", "one an hour"},
		"ministry":         {ministry, Options{Column: "Last"}, v, dates.Ascending, "2010-01", "one a month"},
	} {
		got, err := Read(strings.NewReader(strings.Join(c.lines, "\n")+"\n"), c.o)
		if c.values == nil {
			if err == nil || !strings.Contains(err.Error(), c.first) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v, want %s", name, err, c.first)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(got.Values, c.values) || got.Order != c.order || got.Dates == nil || got.Dates.Label(0) != c.first || got.Dates.Step() != c.step || len(got.Dates.Absent()) > 0 {
			t.Errorf("%s: %+v, from %s, %s", name, got, got.Dates.Label(0), got.Dates.Step())
		}
	}
}
