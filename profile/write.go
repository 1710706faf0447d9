package profile

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/renameio/v2"
)

// WriteElia writes the year into a folder as load.csv, solar.csv, wind.csv and, where there
// are prices, price.csv, in the compact form that Import reads back to the same bits (prices:
// but for rounding). Values are per MW: of the peak of load and of installed capacity. The
// files begin with the year's name, source and notes. It returns their paths.
func (y *Year) WriteElia(folder string) ([]string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	var paths []string
	write := func(name, header string, row func(w io.Writer, i int, at string)) error {
		path := filepath.Join(folder, name)
		paths = append(paths, path)
		return writeTable(path, y.remarks(), header, func(w io.Writer) {
			for i := range y.Load.Actual {
				row(w, i, y.Start.Add(time.Duration(i)*step).Format(stampForm))
			}
		})
	}
	err := write("load.csv", "datetime_utc,load_actual_mw,load_dayahead_mw", func(w io.Writer, i int, at string) {
		fmt.Fprintf(w, "%s,%s\n", at, pair(y.Load, i))
	})
	if err != nil {
		return nil, err
	}
	err = write("solar.csv", "datetime_utc,region,measured_mw,dayahead11h_mw,monitoredcapacity_mw", func(w io.Writer, i int, at string) {
		fmt.Fprintf(w, "%s,Belgium,%s,1\n", at, pair(y.Solar, i))
	})
	if err != nil {
		return nil, err
	}
	err = write("wind.csv", "datetime_utc,offshoreonshore,region,measured_mw,dayahead11h_mw,monitoredcapacity_mw", func(w io.Writer, i int, at string) {
		fmt.Fprintf(w, "%s,Onshore,Belgium,%s,1\n", at, pair(y.WindOnshore, i))
		if y.WindOffshore.Actual != nil {
			fmt.Fprintf(w, "%s,Offshore,Federal,%s,1\n", at, pair(y.WindOffshore, i))
		}
	})
	if err != nil || y.PriceEURPerKWh == nil {
		return paths, err
	}
	err = write("price.csv", "datetime_utc,imbalanceprice", func(w io.Writer, i int, at string) {
		fmt.Fprintf(w, "%s,%s\n", at, exact(y.PriceEURPerKWh[i]*1000))
	})
	return paths, err
}

func (y *Year) remarks() []string {
	return append([]string{y.Name + ": " + y.Source, "per MW of peak load and of installed capacity"}, y.Notes...)
}

// pair writes actual and forecast of a step.
func pair(t Track, i int) string {
	if t.Forecast == nil {
		return exact(t.Actual[i]) + ","
	}
	return exact(t.Actual[i]) + "," + exact(t.Forecast[i])
}

// exact writes a number that reads back to the same bits.
func exact(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// WriteSeries writes a prosumer's series, one row for each step from start, in the form that
// ReadSeries reads, to five decimals. Columns that are nil are left out.
func WriteSeries(path string, s Series, start time.Time, remarks ...string) error {
	header, steps := timeColumnUTC, 0
	for i, values := range s.columns() {
		if *values != nil {
			header += "," + seriesColumns[i]
			steps = len(*values)
		}
	}
	return writeTable(path, remarks, header, func(w io.Writer) {
		for i := range steps {
			fmt.Fprint(w, start.Add(time.Duration(i)*step).UTC().Format(stampForm))
			for _, values := range s.columns() {
				if *values != nil {
					fmt.Fprint(w, ",", exact(math.Round(1e5*(*values)[i])/1e5))
				}
			}
			fmt.Fprintln(w)
		}
	})
}

// writeTable writes a file as a whole or not at all.
func writeTable(path string, remarks []string, header string, rows func(w io.Writer)) error {
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o666))
	if err != nil {
		return err
	}
	defer f.Cleanup()
	w := bufio.NewWriter(f)
	for _, remark := range remarks {
		fmt.Fprintln(w, "#", remark)
	}
	fmt.Fprintln(w, header)
	rows(w)
	if err := w.Flush(); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}
