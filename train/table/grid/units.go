package grid

import (
	"regexp"
	"strings"
)

// unit fits the words of a row of units.
var unit = regexp.MustCompile(`(?i)^([(\[].*[)\]]|y{2,4}[-/.]?m{1,2}.*|d{1,2}[-/.]?m{1,2}.*|hh:mm.*|mio\.?.*|millions?.*|thousands?.*|tsd\.?.*|1000.*|persons?|number|anzahl|index.*|percent|prozent|n|string|text|float(64)?|int(eger|64)?|double|datetime(64)?|date|object|bool|utc|local|-|lt|%( .*)?|yy|yr|year|mo|month|dy|day|hr|hour|mn|[a-zé]+/[a-z0-9²³]+)$`)

// measure fits a factor of a unit, such as kWh, m³, m-2 or s**-1.
var measure = regexp.MustCompile(`^(?:[kKMGTPhdcmµμnp]|da)?(?:` + strings.Join([]string{
	`[%‰°"'$€£¥₹]`, `°[CF]`, `deg([CFTK]| ?true)?`, `degrees?( ?[CF])?`, `[CF]`, `celsius`, `kelvin`, `US\$`, `(?i:usd|eur|gbp|chf|jpy|cad|aud|sek|nok|dkk|pln|ct|cents?|p)`,
	`[mgstlLKAVWJNCΩFHTy]`, `Pa|bar|atm|Torr|psi|at`, `W?h|Wp|VA|VAr|var|eV|Ws|Wh`, `[lL]iter|litres?`, `sec(onds?)?|min(utes?)?|hours?|hr|days?|d|weeks?|months?|a|yr|years?`,
	`ppm|ppb|ppt|ppmv|pct|psu|NTU|PSU`, `Hz|Bq|Sv|Gy|lx|lm|cd|mol|cal|S|dB|dBA`, `ha|acre|ft|feet|in|inch(es)?|mi|nmi|mph|kn|knots?|kt|kts`, `bbl|bu|lb|oz|t|ton(ne)?s?|therm|MMBtu|Btu|gal|cwt`,
	`DU|gpm`, `hft|sm`, `watts?|volts?|amps?|ohms?`}, "|") + `)(?:\^|\*\*)?[-−⁻+]?[0-9¹²³⁴]*$`)

var product = regexp.MustCompile(`\*\*|[ ·⋅×*/.]|per `)

// measured reports whether a field is a unit: kWh, €/MWh, W·m⁻², 10^6 m3.
func measured(field string) bool {
	if unit.MatchString(field) {
		return true
	}
	const long = 24
	if field == "" || len(field) > long {
		return false
	}
	field = strings.NewReplacer("**", "^", " per ", "/").Replace(field)
	for i, factor := range product.Split(field, -1) {
		number := i == 0 && (factor == "1" || factor == "10^3" || factor == "10^6" || factor == "1000")
		if factor != "" && !number && !measure.MatchString(factor) {
			return false
		}
	}
	return true
}

// units reports whether most fields of a row are units.
func units(fields []string) bool {
	some, others := 0, 0
	for _, f := range fields {
		if measured(f) {
			some++
		} else if f != "" {
			others++
		}
	}
	return some > others
}
