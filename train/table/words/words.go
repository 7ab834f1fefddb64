// Package words knows the words of dates in many languages: months, weekdays, zones, and the names of columns that have dates.
package words

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// months has the names of each month in lower case: English, German, French, Spanish, Italian, Portuguese, Dutch,
// Swedish, Danish, Norwegian, Finnish, Polish, Czech, Turkish, Russian, Romanian, Hungarian, Greek.
var months = index([]string{
	"Jan januar january jan jän jänner janvier janv enero ene gennaio gen janeiro januari tammikuu stycznia styczeń sty leden ledna ocak января январь янв ianuarie ian január ιανουαρίου ιανουάριος ιαν",
	"Feb februar february feb febr feber februari février fevrier févr fevr fév fev febrero febbraio fevereiro helmikuu lutego luty lut únor února şubat февраля февраль фев februarie február φεβρουαρίου φεβρουάριος φεβ",
	"Mar märz maerz march mar mär mrz mrt mars marzo març março marco maart maaliskuu marca marzec březen března mart марта март мар martie március márc μαρτίου μάρτιος μαρ",
	"Apr april apr avril avr abril abr aprile huhtikuu kwietnia kwiecień kwi duben dubna nisan апреля апрель апр aprilie április ápr απριλίου απρίλιος απρ",
	"May mai may mayo maggio mag maio mei maj toukokuu maja květen května mayıs мая май május máj μαΐου μάιος μαΐ μάι",
	"Jun juni june jun juin junio giugno giu junho kesäkuu czerwca czerwiec cze červen června haziran июня июнь июн iunie iun június jún ιουνίου ιούνιος ιουν ιούν",
	"Jul juli july jul juillet juil julio luglio lug julho heinäkuu lipca lipiec lip červenec července temmuz июля июль июл iulie iul július júl ιουλίου ιούλιος ιουλ ιούλ",
	"Aug august aug août aout agosto ago augustus augusti elokuu sierpnia sierpień sie srpen srpna ağustos августа август авг augusztus αυγούστου αύγουστος αυγ αύγ",
	"Sep september sep sept septembre septiembre setiembre settembre set setembro syyskuu września wrzesień wrz září eylül сентября сентябрь сен septembrie szeptember szept σεπτεμβρίου σεπτέμβριος σεπ",
	"Oct oktober october okt oct octobre octubre ottobre ott outubro out lokakuu października październik paź říjen října ekim октября октябрь окт octombrie október οκτωβρίου οκτώβριος οκτ",
	"Nov november nov novembre noviembre novembro marraskuu listopada listopad lis kasım ноября ноябрь ноя noiembrie νοεμβρίου νοέμβριος νοε νοέ",
	"Dec dezember december dez dec des déc décembre decembre diciembre dic dicembre dezembro desember joulukuu grudnia grudzień gru prosinec prosince aralık декабря декабрь дек decembrie δεκεμβρίου δεκέμβριος δεκ",
})

// weekdays has names of weekdays in lower case, without a clear order.
var weekdays = index([]string{"- monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun " +
	"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so " +
	"lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim " +
	"lunes martes miércoles jueves viernes sábado domingo mié mie jue vie sáb sab dom " +
	"lunedì martedì mercoledì giovedì venerdì sabato domenica gio segunda terça quarta quinta sexta feira seg ter qua qui sex " +
	"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag"})

// fillers are words of a date that say nothing.
var fillers = index([]string{"- de del of the den le il el d di st nd rd th er ère te ste uhr year jahr week"})

// zones has the offsets of zones, in quarters of an hour.
var zones = map[string]int{
	"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 4, "bst": 4, "cet": 4, "mez": 4, "cest": 8, "mesz": 8, "eet": 8, "eest": 12, "msk": 12,
	"est": -20, "edt": -16, "cst": -24, "cdt": -20, "mst": -28, "mdt": -24, "pst": -32, "pdt": -28, "jst": 36, "aest": 40, "aedt": 44,
}

// Zone returns the offset of a zone such as cet, in quarters of an hour.
func Zone(word string) (quarters int, ok bool) {
	quarters, ok = zones[word]
	return quarters, ok
}

// A Role is what a column of a date holds, by its name.
type Role string

// The roles of columns that make up a date together.
const (
	Year    Role = "year"
	Quarter Role = "quarter"
	Month   Role = "month"
	Week    Role = "week"
	Day     Role = "day"
	Hour    Role = "hour"
	Minute  Role = "minute"
	Second  Role = "second"
	Clock   Role = "clock"   // hours and minutes
	Date    Role = "date"    // a whole date
	Counter Role = "counter" // a number of a row
	Note    Role = "note"    // a text about the row
)

var roles = index([]string{
	"year year yr yyyy yy jahr année annee an año ano anno ár år rok jaar vuosi год",
	"quarter quarter qtr quartal trimestre trim kvartal kwartaal kwartał",
	"month month mo mm monat mois mes mese mês måned månad maand miesiąc kuukausi период period месяц",
	"week week wk woche kw semaine semana settimana vecka uke uge",
	"day day dd dy tag dia día jour giorno dag dzień den päivä день dayofmonth doy dayofyear yday",
	"hour hour hr hh he hour_ending hourending hr_end hr_ending stunde std heure hora ora time_hour timme uur hhmm godzina час",
	"minute min mi mm mn minutes minuten minute minuto minuut",
	"second second seconds sec ss sekunde sekunden seconde segundo",
	"clock time hhmm utc gmt zeit uhrzeit tijd hora heure ora tid klokkeslett",
	"date date datum date_time datetime timestamp time zeit zeitpunkt zeitstempel datumzeit tag fecha data dato jour ds when unix epoch " +
		"period obs_date observation_date time_period ref_date horodatage heure hora ora utc day month monat woche quarter quartal jahr year date/time dt",
	"note note notes comment comments remark remarks text bemerkung anmerkung kommentar hinweis nota notas remarque commentaire flag flags status",
	"counter t step index idx i n nr no row obs id # x time tick sample k unnamed:_0 period zeile lfd s",
})

// index returns a map from each word to the first words of its lists.
func index(lists []string) map[string][]string {
	all := make(map[string][]string)
	for _, list := range lists {
		words := strings.Fields(list)
		for _, w := range words[1:] {
			all[w] = append(all[w], words[0])
		}
	}
	return all
}

// timed are the roles of columns that are parts of a date.
var timed = map[Role]bool{Year: true, Quarter: true, Month: true, Week: true, Day: true, Hour: true, Minute: true, Second: true, Clock: true}

// Is reports whether a column with this name has the role.
func (r Role) Is(name string) bool {
	if name == "" {
		return r == Counter
	}
	if timed[r] { // Hour (UTC)
		name, _, _ = strings.Cut(name, " (")
	}
	name = strings.ToLower(strings.Trim(name, "<>[]() "))
	for _, role := range roles[strings.ReplaceAll(name, " ", "_")] {
		if role == string(r) {
			return true
		}
	}
	return false
}

// Calendar reports whether a word is the name of a month or a weekday.
func Calendar(word string) bool {
	w := strings.ToLower(strings.Trim(word, ". "))
	return months[w] != nil || weekdays[w] != nil
}

// English returns the English short name of a month, or "".
func English(word string) string {
	if m := months[strings.ToLower(word)]; m != nil {
		return m[0]
	}
	return ""
}

// Canonical rewrites the part of a date that has words, so that a layout fits: "Mo, 18. Januar 2019" becomes
// "18 Jan 2019". A date without words stays as it is.
func Canonical(s string) string {
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return strings.Trim(s, " .,")
	}
	var words, named []string // the parts, and those of them that are a month
	for _, p := range parts(s) {
		low := strings.ToLower(p)
		switch {
		case English(p) != "":
			words, named = append(words, English(p)), append(named, low)
		case weekdays[low] != nil || fillers[low] != nil:
		default:
			words = append(words, p)
		}
	}
	if len(named) == 0 { // a weekday can be the only word
		if slices.ContainsFunc(words, func(w string) bool { return strings.IndexFunc(w, unicode.IsLetter) >= 0 }) {
			return s
		}
		return strings.Trim(strings.TrimFunc(s, func(r rune) bool { return unicode.IsLetter(r) || r == ' ' || r == ',' || r == '.' }), " ")
	}
	if len(named) == 2 && weekdays[named[0]] != nil { // mar is Tuesday and March
		first := English(named[0])
		for i, w := range words {
			if w == first {
				words = append(words[:i:i], words[i+1:]...)
				break
			}
		}
	}
	return strings.Join(words, " ")
}

// parts splits text into runs of digits and runs of letters.
func parts(s string) (all []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsDigit(r):
			return 1
		case unicode.IsLetter(r):
			return 2
		case unicode.IsSpace(r) || strings.ContainsRune("-/.,'’ºª°", r):
			return 0
		}
		return 3 // nothing that a date has
	}
	start, last := 0, 0
	for i, r := range s {
		if k := kind(r); k != last {
			if last > 0 {
				all = append(all, s[start:i])
			}
			start, last = i, k
		}
	}
	if last > 0 {
		all = append(all, s[start:])
	}
	return all
}

// dateWords may stand in a date besides names of months and weekdays.
var dateWords = index([]string{"- q t k w m h s kw fy cy qtr quarter quartal trim trimestre kvartal week sem am pm a p utc gmt uhr i ii iii iv v u cw to bis"})

// fraction is a time with a decimal comma. In other dates a space follows a comma.
var fraction = regexp.MustCompile(`:\d\d,\d+$`)

// Looks reports whether a field could be a date: it has numbers, and no words but those of dates.
func Looks(field string) bool {
	field = Plain(field)
	if len(field) > 80 || strings.ContainsAny(field, "%$€£*<>=@") || strings.Contains(field, ")") && !strings.Contains(field, "(") {
		return false
	}
	if at := strings.IndexByte(field, ','); at >= 0 && at+1 < len(field) && field[at+1] != ' ' && !fraction.MatchString(field) {
		return false
	}
	numbers, words := 0, 0
	for _, p := range parts(field) {
		if unicode.IsDigit(rune(p[0])) {
			numbers++
			continue
		}
		low := strings.ToLower(p)
		if strings.ContainsAny(low, ":+()") {
			continue
		}
		_, zone := zones[low]
		if months[low] == nil && weekdays[low] == nil && fillers[low] == nil && dateWords[low] == nil && !zone {
			return false
		}
		words++
	}
	return numbers > 1 || numbers == 1 && words > 0
}
