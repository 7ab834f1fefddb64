package file

import (
	"bytes"
	"encoding/csv"
)

// WriteTable writes rows as a CSV file, whole or not at all.
func WriteTable(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	return Write(name, b.Bytes())
}
