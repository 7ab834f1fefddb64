package pagetest_test

import (
	"encoding/xml"
	"fmt"
	"testing"

	"lstm/train/page/pagetest"
)

// TestElements: each element is seen once, and a text is found as a reader sees it.
func TestElements(t *testing.T) {
	n := 0
	pagetest.Elements(t, "page", []byte("<html><p>a &lt; b</p></html>"), func(xml.StartElement) { n++ })
	pagetest.Equal(t, "elements", n, 2)
}

// A page has a text as a reader sees it.
func Example() {
	fmt.Println(pagetest.Says([]byte("<p>a &lt; b</p>"), "a < b"))
	// Output: true
}
