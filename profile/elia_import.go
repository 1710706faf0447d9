package profile

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Report says what an import read and everything it changed.
type Report struct {
	Files    []FileReport `json:"files"`
	Findings []Finding    `json:"findings"`
}

// Import makes a year of Elia's files: load (ods001 or ods002), solar (ods032 or
// ods087), wind (ods031 or ods086) and, where wanted, imbalance prices (ods134, before
// 22 May 2024 ods047), each in one file or many, as CSV or JSON, as published or as
// Fetch stores them. A path may be a folder, whose files are all read.
//
// The year covers the whole days of UTC+1 that load, solar and wind have in common.
// The report counts every flaw met and says what was done about it; the year's notes
// repeat it, after the remarks the files begin with. Where no year can be made, there is
// still a report of what was read.
func Import(paths ...string) (*Year, *Report, error) {
	files, err := readEliaFiles(paths)
	if err != nil {
		return nil, nil, err
	}
	report := new(Report)
	var found findings
	byQuantity := make(map[Quantity][]*eliaFile)
	for _, f := range files {
		report.Files = append(report.Files, f.report())
		found = append(found, f.findings...)
		byQuantity[f.quantity] = append(byQuantity[f.quantity], f)
	}
	year, err := assemble(byQuantity, &found)
	report.Findings = found
	if err != nil {
		return nil, report, err
	}
	for _, f := range files {
		for _, remark := range f.remarks {
			if !slices.Contains(year.Notes, remark) {
				year.Notes = append(year.Notes, remark)
			}
		}
	}
	for _, f := range found {
		year.Notes = append(year.Notes, f.String())
	}
	return year, report, nil
}

func readEliaFiles(paths []string) ([]*eliaFile, error) {
	var files []*eliaFile
	for _, path := range paths {
		names, err := dataFiles(path)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			f, err := readEliaFile(name)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no files of Elia's (.csv or .json, plain or .gz)", strings.Join(paths, ", "))
	}
	return files, nil
}

// dataFiles returns path itself, or the tables of a folder in order.
func dataFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var names []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(strings.TrimSuffix(entry.Name(), ".gz")) {
		case ".csv", ".json":
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// parts of the tracks by the names of their records.
func onshore(name string) bool  { return strings.HasPrefix(name, "Onshore") }
func offshore(name string) bool { return strings.HasPrefix(name, "Offshore") }

// assemble lays the files out in time, cuts them to the days they share and repairs what is
// left. Without a quantity it still repairs the others, for the report.
func assemble(files map[Quantity][]*eliaFile, found *findings) (*Year, error) {
	var quantities []*merged
	var lacking []string
	for _, quantity := range []Quantity{LoadQuantity, SolarQuantity, WindQuantity, PriceQuantity} {
		if len(files[quantity]) == 0 {
			if quantity != PriceQuantity {
				lacking = append(lacking, string(quantity))
			}
			continue
		}
		m, err := mergeFiles(quantity, files[quantity], found)
		if err != nil {
			return nil, err
		}
		quantities = append(quantities, m)
	}
	y := &Year{Source: "files in the form of Elia Open Data (CC BY 4.0 where they are Elia's)"}
	if lacking == nil {
		if err := y.cutToSharedDays(quantities); err != nil {
			return nil, err
		}
	}
	for _, m := range quantities {
		if err := y.take(m, found); err != nil {
			return nil, err
		}
	}
	if lacking != nil {
		return nil, fmt.Errorf("a year needs load, solar and wind; there is no file of %s (peerwatt data fetch gets them)", strings.Join(lacking, " and "))
	}
	return y, nil
}

// take repairs a quantity and gives it to the year.
func (y *Year) take(m *merged, found *findings) (err error) {
	switch m.quantity {
	case LoadQuantity:
		if y.Load, err = m.single(found); err != nil {
			return err
		}
		peak := slices.Max(y.Load.Actual)
		y.Load.Actual, y.Load.Forecast = divided(y.Load.Actual, peak), divided(y.Load.Forecast, peak)
	case SolarQuantity:
		y.Solar, err = m.solar(found)
	case WindQuantity:
		on, none := m.pick(onshore, "onshore wind")
		if none != nil {
			return none
		}
		if y.WindOnshore, err = m.track(on, found); err != nil {
			return err
		}
		if off, none := m.pick(offshore, "offshore wind"); none == nil {
			y.WindOffshore, err = m.track(off, found)
		}
	case PriceQuantity:
		price, err := m.single(found)
		if err != nil {
			return err
		}
		y.PriceEURPerKWh = divided(price.Actual, 1000)
	}
	return err
}

// solar takes the whole country where the file has it.
func (m *merged) solar(found *findings) (Track, error) {
	country := m.records
	if len(m.records) > 1 {
		var err error
		if country, err = m.pick(func(name string) bool { return name == "Belgium" }, "the region Belgium"); err != nil {
			return Track{}, err
		}
		for _, r := range m.records {
			if r == country[0] {
				continue
			}
			for i, present := range r.present {
				if present {
					found.add(m.quantity, r.name, "rows of a part of the country", "left out, Belgium has the whole", m.at(i))
				}
			}
		}
	}
	return m.track(country, found)
}

// single repairs a quantity that has one record and no capacity.
func (m *merged) single(found *findings) (Track, error) {
	if len(m.records) != 1 {
		return Track{}, fmt.Errorf("%s: %d series, want one", m.quantity, len(m.records))
	}
	if err := m.repair(m.records[0], found); err != nil {
		return Track{}, err
	}
	return Track{Actual: m.records[0].measured, Forecast: m.repairForecast(m.records[0], found)}, nil
}

// cutToSharedDays cuts every quantity to the days, by UTC+1, that all have whole, and names
// the year after them.
func (y *Year) cutToSharedDays(quantities []*merged) error {
	const day = StepsPerDay * stepSeconds
	const shift = 3600 // midnight of UTC+1 is 23:00Z
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	var spans []string
	for _, m := range quantities {
		from, to = max(from, m.from), min(to, m.from+int64(m.steps)*stepSeconds)
		spans = append(spans, fmt.Sprintf("%s from %s to %s", m.quantity, m.at(0).Format(stampForm), m.at(m.steps).Format(stampForm)))
	}
	from = ceilDiv(from+shift, day)*day - shift
	to = floorDiv(to+shift, day)*day - shift
	if from >= to {
		return fmt.Errorf("the files have no whole day in common: %s", strings.Join(spans, ", "))
	}
	for _, m := range quantities {
		m.cut(int((from-m.from)/stepSeconds), int((to-m.from)/stepSeconds))
	}
	y.Start = time.Unix(from, 0).UTC()
	first, last := y.Start.In(zone), time.Unix(to, 0).In(zone).AddDate(0, 0, -1)
	y.Name = fmt.Sprintf("import-%s-to-%s", first.Format(time.DateOnly), last.Format(time.DateOnly))
	if first.YearDay() == 1 && last.Year() == first.Year() && last.AddDate(0, 0, 1).Year() != last.Year() {
		y.Name = fmt.Sprintf("import-%d", first.Year())
	}
	return nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }
