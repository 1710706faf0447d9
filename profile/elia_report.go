package profile

import (
	"fmt"
	"time"
)

// A FileReport says how one file was read.
type FileReport struct {
	Path     string    `json:"path"`
	Quantity Quantity  `json:"quantity"`
	Form     string    `json:"form"`  // separator, byte order mark, JSON
	Order    string    `json:"order"` // "newest first", "oldest first", "mixed"
	Rows     int       `json:"rows"`
	From     time.Time `json:"from"` // start of the first quarter of an hour
	To       time.Time `json:"to"`   // end of the last
	Series   []string  `json:"series"`
}

// A Finding is one kind of flaw of the input, how often it was met and what was
// done about it.
type Finding struct {
	Quantity Quantity  `json:"quantity"`
	Series   string    `json:"series,omitempty"` // region and connection
	Flaw     string    `json:"flaw"`
	Count    int       `json:"count"`
	First    time.Time `json:"first"` // of the quarters of an hour concerned
	Repair   string    `json:"repair"`
}

func (f Finding) String() string {
	where := string(f.Quantity)
	if f.Series != "" {
		where += " (" + f.Series + ")"
	}
	return fmt.Sprintf("%s: %d %s, first %s; %s", where, f.Count, f.Flaw, f.First.Format(stampForm), f.Repair)
}

// findings collects flaws in the order they are met.
type findings []Finding

// add counts one flaw at an instant.
func (f *findings) add(quantity Quantity, series, flaw, repair string, at time.Time) {
	for i := range *f {
		known := &(*f)[i]
		if known.Quantity == quantity && known.Series == series && known.Flaw == flaw && known.Repair == repair {
			known.Count++
			if at.Before(known.First) {
				known.First = at
			}
			return
		}
	}
	*f = append(*f, Finding{quantity, series, flaw, 1, at.UTC(), repair})
}
