package text

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A kind is a kind of file that is not a text of a table.
type kind struct {
	begins string // the first bytes; for (?…), a regular expression
	holds  string // these bytes come soon after; "": anything
	what   string
	python string // what makes a CSV file of the file FILE; "" if nothing simple does
}

func pandas(read string) string {
	return `python3 -c "import pandas; ` + read + `.to_csv('table.csv', index=False)"`
}

// kinds are in order: the first that fits is the kind of a file.
var kinds = []kind{
	{"PK\x03\x04", "xl/", "a workbook of Excel", pandas("pandas.read_excel('FILE')")},
	{"PK\x03\x04", "opendocument", "a spreadsheet of OpenDocument", pandas("pandas.read_excel('FILE')")},
	{"PK\x03\x04", ".npy", "a file of NumPy", `python3 -c "import numpy; f = numpy.load('FILE'); numpy.savetxt('table.csv', f[f.files[0]], delimiter=',')"`},
	{"PK\x03\x04", "", "a zip archive", "python3 -m zipfile -e FILE ."},
	{"\xd0\xcf\x11\xe0", "", "a workbook of Excel", pandas("pandas.read_excel('FILE')")},
	{"PAR1", "", "a Parquet file", pandas("pandas.read_parquet('FILE')")},
	{"ARROW1", "", "a Feather file", pandas("pandas.read_feather('FILE')")},
	{"FEA1", "", "a Feather file", pandas("pandas.read_feather('FILE')")},
	{"Obj\x01", "", "an Avro file", pandas("pandas.DataFrame(list(__import__('fastavro').reader(open('FILE', 'rb'))))")},
	{"(?s)^\x80[\x02-\x05]", "", "a pickle", pandas("pandas.DataFrame(pandas.read_pickle('FILE'))")},
	{"\x89HDF", "", "an HDF5 file", pandas("pandas.read_hdf('FILE')")},
	{"CDF", "", "a NetCDF file", `python3 -c "import xarray; xarray.open_dataset('FILE').to_dataframe().to_csv('table.csv')"`},
	{"\x93NUMPY", "", "a file of NumPy", `python3 -c "import numpy; numpy.savetxt('table.csv', numpy.load('FILE'), delimiter=',')"`},
	{"SQLite format 3", "", "a database of SQLite", `python3 -c "import pandas, sqlite3; pandas.read_sql('SELECT * FROM NAME', sqlite3.connect('FILE')).to_csv('table.csv', index=False)"`},
	{"<stata_dta>", "", "a file of Stata", pandas("pandas.read_stata('FILE')")},
	{"$FL2", "", "a file of SPSS", pandas("pandas.read_spss('FILE')")},
	{"(?s)^(RD[AX][23]\n|X\n\\x00)", "", "a file of R", `Rscript -e "write.csv(readRDS('FILE'), 'table.csv', row.names=FALSE)"`},
	{"BZh", "", "compressed by bzip2", pandas("pandas.read_csv('FILE', compression='bz2')")},
	{"\xfd7zXZ\x00", "", "compressed by xz", pandas("pandas.read_csv('FILE', compression='xz')")},
	{"\x28\xb5\x2f\xfd", "", "compressed by zstd", pandas("pandas.read_csv('FILE', compression='zstd')")},
	{"7z\xbc\xaf\x27\x1c", "", "a 7z archive", ""},
	{"Rar!", "", "a rar archive", ""},
	{"%PDF", "", "a PDF", ""},
	{"{\\rtf", "", "a document in RTF", ""},
	{"\x89PNG", "", "a picture", ""},
	{"\xff\xd8\xff", "", "a picture", ""},
	{"version https://git-lfs", "", "a pointer of Git LFS", "git lfs pull"},
	{`(?i)^\s*(<!doctype html|<html|<head|<body|<table)`, "", "a web page", pandas("pandas.read_html('FILE')[0]")},
	{`(?i)^\s*<(\?xml|[a-z][\w:-]*(\s[^>]*)?/?>\s*<)`, "", "XML", pandas("pandas.read_xml('FILE')")},
	{`^\s*\{[^\n]*\}\s*\n\s*\{`, "", "JSON, one object a line", pandas("pandas.read_json('FILE', lines=True)")},
	{`^\s*(\{\s*["'}]|\[\s*([\[{"\]]|-?\d[\d.eE+-]*\s*[,\]]))`, "", "JSON", pandas("pandas.read_json('FILE')")},
}

// other returns an error if a file that begins with head is not a table in text. name is the file's name.
func other(head []byte, name string) error {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	text := latin(string(head[:min(len(head), 4096)]))
	for _, k := range kinds {
		if !k.fits(head, text) {
			continue
		}
		err := fmt.Sprintf("this is %s, not a table in text", k.what)
		if !strings.Contains(k.python, "csv") && k.python != "" {
			return fmt.Errorf("%s: get the file with %s", err, strings.ReplaceAll(k.python, "FILE", name))
		}
		if k.python != "" {
			err += ": make one with " + strings.ReplaceAll(k.python, "FILE", name)
		}
		return errors.New(err)
	}
	return nil
}

// patterns has the regular expressions among the first bytes.
var patterns = sync.OnceValue(func() map[string]*regexp.Regexp {
	all := make(map[string]*regexp.Regexp)
	for _, k := range kinds {
		if strings.HasPrefix(k.begins, "^") || strings.HasPrefix(k.begins, "(?") {
			all[k.begins] = regexp.MustCompile(latin(k.begins))
		}
	}
	return all
})

// fits reports whether a file that begins with head is of the kind. text is head with a character for each byte.
func (k *kind) fits(head []byte, text string) bool {
	begins := bytes.HasPrefix(head, []byte(k.begins))
	if p := patterns()[k.begins]; p != nil {
		begins = p.MatchString(text)
	}
	return begins && bytes.Contains(head, []byte(k.holds))
}

// latin returns text with a character for each byte.
func latin(text string) string {
	runes := make([]rune, len(text))
	for i := range runes {
		runes[i] = rune(text[i])
	}
	return string(runes)
}
