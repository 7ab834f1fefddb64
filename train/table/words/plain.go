package words

import (
	"regexp"
	"strings"
)

// A rule rewrites a way to write dates.
type rule struct {
	has  string // a field without this text is not concerned
	find *regexp.Regexp
	put  string
}

func rewrite(has, find, put string) rule { return rule{has, regexp.MustCompile(find), put} }

// rules make dates of forms that layouts know.
var rules = []rule{
	rewrite("\u200e", "\u200e", ""),
	rewrite("\u200f", "\u200f", ""),
	rewrite("\u202f", "\u202f", " "),
	rewrite("\u00a0", "\u00a0", " "),
	rewrite(")", ` ?\([月火水木金土日一二三四五六월화수목금토일]\)`, ""),
	rewrite("年", `^(\d{4})年第?([1-4])(?:四半期|季度?)$`, "$1-Q$2"),
	rewrite("年", `^(\d{4})年 ?(\d{1,2})月$`, "$1-$2"),
	rewrite("年", `^(\d{4})年 ?(\d{1,2})月 ?(\d{1,2})日`, "$1-$2-$3"),
	rewrite("년", `^(\d{4})년 ?(\d{1,2})월$`, "$1-$2"),
	rewrite("년", `^(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일`, "$1-$2-$3"),
	rewrite("月", `^(\d{4})[-/](\d{1,2})月$`, "$1-$2"),
	rewrite("MM", `^(\d{4})MM(\d\d)$`, "$1-$2"),
	rewrite(" ", `(?i)^(?:w/[ec]|week (?:ending|ended|commencing|beginning|of))[: ]+(.*\d)`, "$1"),
	rewrite("háng", `^[Tt]háng (\d{1,2})/(\d{4})$`, "$2-$1"),
	rewrite(". ", `^(\d{1,2})\. (\d{1,2})\. (\d{4})`, "$1.$2.$3"),
	rewrite(". ", `^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?( |$)`, "$1-$2-$3$4"),
	rewrite(". ", `(?i)([ap])\. m\.?$`, "${1}m"),
	rewrite(":", `^(\d{4}):(\d\d)$`, "$1-$2"),
	rewrite(":", `^(\d{4}):([1-4])$`, "$1-Q$2"),
	rewrite("[YR", `^(\d{4}) \[YR\d{4}\]$`, "FY$1"),
}

// Plain rewrites a date that layouts do not know: 2019年11月18日 becomes 2019-11-18.
func Plain(s string) string {
	for i := range rules {
		if r := &rules[i]; strings.Contains(s, r.has) {
			s = r.find.ReplaceAllString(s, r.put)
		}
	}
	return s
}
