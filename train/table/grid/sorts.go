package grid

import (
	"strings"
	"unicode"

	"lstm/train/table/numbers"
	"lstm/train/table/words"
)

// A Sort is what most fields of a column are.
type Sort byte

// The sorts.
const (
	Words Sort = iota
	Number
	Date
	Nothing
)

// SortOf returns what a field is. A number goes before a date.
func SortOf(field string) Sort {
	switch {
	case numbers.Missing(field):
		return Nothing
	case numbers.Looks(field):
		return Number
	case words.Looks(field):
		return Date
	}
	return Words
}

// summaries are words for a row that sums up others.
var summaries = func() map[string]bool {
	all := make(map[string]bool)
	for _, w := range strings.Fields(`total totals sum summe summen gesamt insgesamt gesamtsumme gesamtergebnis zwischensumme jahressumme jahresmittel monatsmittel
		endsumme summa suma sumy somme somma totale totali totales totaal totalt totalen gesamtwert mean means average averages avg ave durchschnitt durchschn
		mittel mittelwert mittelw moyenne moy media média promedio medio médio gemiddelde medel medelvärde gennemsnit gjennomsnitt snitt keskiarvo yhteensä
		średnia razem suma průměr celkem ortalama toplam median mediana médiane min minimum max maximum mín máx std stdev stddev sd var variance
		stabw standardabweichung count anzahl subtotal subtotals ensemble annual annually yearly annuel annuelle anual annuale jährlich
		итого всего среднее 合計 平均 合计 总计 합계 평균 m13 s01 s02 s03 q05 a01`) {
		all[w] = true
	}
	return all
}()

// Summary returns the first field behind the first that is a word for a sum and nothing else, or "".
func Summary(fields []string) string {
	const long = 24
	for _, f := range fields[min(1, len(fields)):] {
		if f != "" && len(f) < long && f[0] > '9' && summaries[strings.ToLower(f)] {
			return f
		}
	}
	return ""
}

// Total returns the word that tells that the row sums up others, or "". It looks at the first text of the row, or at all.
func Total(fields []string, all bool) string {
	for _, f := range fields {
		if f == "" {
			continue
		}
		if f == "25%" || f == "50%" || f == "75%" {
			return f
		}
		const long = 48
		if len(f) > long {
			continue
		}
		for _, w := range strings.FieldsFunc(strings.ToLower(f), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if summaries[w] || strings.HasSuffix(w, "summe") || strings.HasSuffix(w, "mittel") || strings.HasSuffix(w, "mittelwert") || strings.HasSuffix(w, "durchschnitt") {
				return w
			}
		}
		if sort := SortOf(f); sort == Words && !all {
			return ""
		}
	}
	return ""
}
