package numbers

import "strings"

func set(words string) map[string]bool {
	all := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		all[strings.ReplaceAll(w, "_", " ")] = true
	}
	return all
}

// absent are the words for a missing value, in lower case. In this list _ is a space.
var absent = set(`na n/a #n/a #na n.a. n.a n.d. n.d nd n/d n.v. n/v nan -nan +nan nan(ind) -nan(ind) 1.#qnan -1.#qnan 1.#ind -1.#ind
	null (null) none nil <na> <null> <none> nat \n missing (missing) no_data nodata no-data no_value not_available not_applicable
	unavailable undefined unknown empty blank k.a. k._a. ka keine_angabe keine_angaben keine_daten fehlt fehlend unbekannt
	s/d s.d. sin_datos sin_dato no_disponible manquant manquante non_disponible nc n.c. donnée_manquante mancante dato_mancante
	faltante sem_dados ausente ontbreekt puuttuu saknas mangler brak brak_danych н/д нет_данных
	- -- --- ---- – — ―  −  . .. ... …  ? ?? ??? : (na) (n/a) #null! /`)

// Missing reports whether a field is a usual way to write that a value is missing.
func Missing(field string) bool {
	if field == "" {
		return true
	}
	if len(field) > 24 || field[0] >= '1' && field[0] <= '9' && field[len(field)-1] <= '9' {
		return false
	}
	return absent[strings.ToLower(field)] || strings.Trim(field, "*") == ""
}

// signs stand for minus.
var signs = []string{"-", "−", "–", "‐", "‑", "﹣", "－"}

// marks other than points and commas separate thousands.
var thousands = []string{"'", "’", "\u00a0", "\u202f", "\u2009", " ", "٬"}

// currencies may stand before a number.
var currencies = set(`$ € £ ¥ ￥ ₹ ₽ ₩ ₺ ₪ ฿ ₫ ₴ ₦ ₱ ¢ us$ a$ c$ ca$ au$ hk$ nz$ s$ r$ mx$ nt$ kr kr. zł kč ft chf fr. sfr. rs rs. rm rp
	usd eur gbp jpy cad aud nzd sek nok dkk cny rmb inr brl mxn zar rub pln czk huf try krw sgd hkd ils thb idr php ars clp cop`)

// notes are marks of footnotes. They may follow some of the numbers of a column, and not others.
var notes = set(`* ** *** † ‡ § ¹ ² ³ ⁴ ⁵ ⁶ ⁷ ⁸ ⁹ p r e (p) (r) (e) (b) [p] [r] [e] [1] [2] [3] [4] [5] [6] [7] [8] [9] [a] [b] [c] [d]
	1) 2) 3) a) b) c) (a) (c) (d) (1) (2) (3) (*) [*]`)
