package profile

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// dataset is one of Elia's data sets: what is asked of it.
type dataset struct {
	id     string
	fields string
	where  string
}

// The historical data sets. Imbalance prices moved on 22 May 2024.
var (
	loadHistory  = dataset{id: "ods001", fields: "datetime,resolutioncode,totalload,mostrecentforecast,dayaheadforecast"}
	solarHistory = dataset{id: "ods032", fields: "datetime,resolutioncode,region,measured,mostrecentforecast,dayahead11hforecast,monitoredcapacity",
		where: "region = 'Belgium'"}
	windHistory = dataset{id: "ods031", fields: "datetime,resolutioncode,offshoreonshore,region,gridconnectiontype,measured,mostrecentforecast,dayahead11hforecast,monitoredcapacity"}
	priceOld    = dataset{id: "ods047", fields: "datetime,resolutioncode,positiveimbalanceprice"}
	priceNew    = dataset{id: "ods134", fields: "datetime,resolutioncode,imbalanceprice"}

	pricesMoved = time.Date(2024, time.May, 22, 0, 0, 0, 0, brussels)
)

// recentDatasets are the near-real-time ones. Their fields have other names, so all are asked.
var recentDatasets = map[Quantity]dataset{
	LoadQuantity:  {id: "ods002"},
	SolarQuantity: {id: "ods087", where: "region = 'Belgium'"},
	WindQuantity:  {id: "ods086"},
}

// window is one question: a data set between two instants, or all of it.
type window struct {
	quantity Quantity
	dataset  string
	fields   string
	where    string
	month    string
	from, to time.Time // zero: no bounds
}

func (w window) bounded() bool { return !w.from.IsZero() }

func (w window) name() string { return fmt.Sprintf("%s (%s) of %s", w.quantity, w.dataset, w.month) }

// windows lists the questions, month after month by UTC+1, so that a month is whole days.
func (f *Fetcher) windows() ([]window, error) {
	if f.Format != "csv" && f.Format != "json" {
		return nil, fmt.Errorf("format %q, want csv or json", f.Format)
	}
	month := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, zone) }
	first, last := month(f.From), month(f.To)
	if last.Before(first) {
		return nil, fmt.Errorf("months from %s to %s: the last comes before the first", first.Format("2006-01"), last.Format("2006-01"))
	}
	if base, err := url.Parse(f.BaseURL); err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("base URL %q, want one such as %s", f.BaseURL, EliaURL)
	}
	var windows []window
	for _, quantity := range f.Quantities {
		add := func(d dataset, month string, from, to time.Time) {
			windows = append(windows, window{quantity, d.id, d.fields, d.where, month, from, to})
		}
		for from := first; !from.After(last); from = from.AddDate(0, 1, 0) {
			name, to := from.Format("2006-01"), from.AddDate(0, 1, 0)
			switch quantity {
			case LoadQuantity:
				add(loadHistory, name, from, to)
			case SolarQuantity:
				add(solarHistory, name, from, to)
			case WindQuantity:
				add(windHistory, name, from, to)
			case PriceQuantity:
				if from.Before(pricesMoved) {
					add(priceOld, name, from, earlier(to, pricesMoved))
				}
				if to.After(pricesMoved) {
					add(priceNew, name, later(from, pricesMoved), to)
				}
			default:
				return nil, fmt.Errorf("quantity %q, want load, solar, wind or price", quantity)
			}
		}
		if d, ok := recentDatasets[quantity]; ok && f.Recent {
			add(d, "recent", time.Time{}, time.Time{})
		}
	}
	return windows, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// url is the address of the question in the Explore interface, version 2.1.
func (w window) url(base, format string) string {
	query := url.Values{"timezone": {"UTC"}, "limit": {"-1"}, "order_by": {"datetime"}}
	if w.fields != "" {
		query.Set("select", w.fields)
	}
	var where []string
	if w.bounded() {
		const form = "2006-01-02T15:04:05Z"
		where = append(where, fmt.Sprintf("datetime >= date'%s'", w.from.UTC().Format(form)),
			fmt.Sprintf("datetime < date'%s'", w.to.UTC().Format(form)))
	}
	if w.where != "" {
		where = append(where, w.where)
	}
	if where != nil {
		query.Set("where", strings.Join(where, " AND "))
	}
	if format == "csv" {
		query.Set("delimiter", ";")
	}
	return fmt.Sprintf("%s/api/explore/v2.1/catalog/datasets/%s/exports/%s?%s", strings.TrimSuffix(base, "/"), w.dataset, format, query.Encode())
}

// missing counts the quarters of an hour of the window that a file does not have, for the
// series that lacks most.
func (w window) missing(f *eliaFile) int {
	if !w.bounded() {
		return 0
	}
	steps := int(w.to.Sub(w.from) / step)
	has := make([]int, len(f.series))
	seen := make([]bool, steps*len(f.series))
	for _, row := range f.rows {
		i := int((row.at - w.from.Unix()) / stepSeconds)
		if row.at < w.from.Unix() || i >= steps || seen[row.series*steps+i] {
			continue
		}
		seen[row.series*steps+i] = true
		has[row.series]++
	}
	worst := 0
	for _, n := range has {
		worst = max(worst, steps-n)
	}
	return worst
}
