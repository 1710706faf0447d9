package profile

import (
	"math"
	"testing"
	"time"
)

// TestSunAgreesWithSPA compares the sun's place with NREL's Solar Position
// Algorithm (Reda and Andreas, 2004; computed with pvlib 0.16.1 for 50.8 N, 4.5 E,
// without refraction), which is good to 0.0003 degrees. Ours holds declination
// and equation of time for the day, so 0.3 degrees is what it claims.
func TestSunAgreesWithSPA(t *testing.T) {
	const tolerance = 0.3
	for _, c := range []struct {
		at              string
		height, azimuth float64
	}{
		{"2015-01-15T09:00Z", 8.7881, -39.8919},
		{"2015-03-20T06:30Z", 6.1497, -81.9754},
		{"2015-03-20T17:30Z", 3.0066, 86.1673},
		{"2015-06-21T03:45Z", 1.2126, -127.1107},
		{"2015-06-21T12:00Z", 62.4517, 8.0937},
		{"2015-06-21T19:30Z", 2.8047, 124.7420},
		{"2015-08-10T15:15Z", 35.6720, 68.9763},
		{"2015-09-23T11:00Z", 38.6295, -11.0634},
		{"2015-12-22T08:30Z", 4.7540, -42.8244},
		{"2015-12-22T14:45Z", 5.3738, 41.6343},
		{"2040-04-30T16:00Z", 27.2319, 80.3527},
		{"2016-02-29T10:00Z", 26.4637, -32.0088},
	} {
		at, err := time.Parse("2006-01-02T15:04Z", c.at)
		if err != nil {
			t.Fatal(err)
		}
		year, month, day := at.In(zone).Date()
		sinHeight, _, sinAzimuth, cosAzimuth := newSunDay(time.Date(year, month, day, 0, 0, 0, 0, zone)).at(at)
		height, azimuth := math.Asin(sinHeight)*180/math.Pi, math.Atan2(sinAzimuth, cosAzimuth)*180/math.Pi
		if math.Abs(height-c.height) > tolerance || math.Abs(azimuth-c.azimuth) > tolerance {
			t.Errorf("%s: height %.3f, azimuth %.3f, SPA %.3f, %.3f", c.at, height, azimuth, c.height, c.azimuth)
		}
		if norm := math.Hypot(sinAzimuth, cosAzimuth); math.Abs(norm-1) > 1e-9 {
			t.Errorf("%s: azimuth's sine and cosine have norm %g", c.at, norm)
		}
	}
}

// TestClearSkyIsDarkAtNight: zero exactly where the sun is down in the whole
// country, above zero elsewhere.
func TestClearSkyIsDarkAtNight(t *testing.T) {
	start := time.Date(2015, 1, 1, 0, 0, 0, 0, zone)
	clear := clearSky(start, 365*StepsPerDay)
	dark, highest := 0, 0.0
	for i, c := range clear {
		day := newSunDay(start.AddDate(0, 0, i/StepsPerDay))
		up := false
		for _, minutes := range []float64{2.5, 7.5, 12.5} {
			sinHeight, _, _, _ := day.at(start.Add(time.Duration(i)*step + time.Duration(minutes*60)*time.Second))
			up = up || math.Asin(sinHeight)*180/math.Pi >= darkness
		}
		if up != (c > 0) {
			t.Fatalf("step %d: clear output %g, sun up: %v", i, c, up)
		}
		if !up {
			dark++
		}
		highest = max(highest, c)
	}
	if share := float64(dark) / float64(len(clear)); share < 0.46 || share > 0.5 {
		t.Errorf("%.3f of the year is dark", share)
	}
	if highest < 0.75 || highest > 0.95 {
		t.Errorf("the brightest step gives %.3f of the capacity", highest)
	}
}

func BenchmarkClearSkyYear(b *testing.B) {
	for b.Loop() {
		clearSky(time.Date(2015, 1, 1, 0, 0, 0, 0, zone), 365*StepsPerDay)
	}
}
