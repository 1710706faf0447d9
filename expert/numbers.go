package expert

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var numberInWords = regexp.MustCompile(`\d+(?:[.,]\d+)*(?:\s*(?:%|percent|per cent|MW|mw))?`)

var clockInWords = regexp.MustCompile(`\b\d{1,2}:\d{2}\b`)

// numbersIn lists the values that a text names: its numbers, percentages also as
// shares, megawatts as kilowatts, and what some words stand for. Times of the day
// are no values.
func numbersIn(text string) []float64 {
	var list []float64
	text = clockInWords.ReplaceAllString(text, "")
	for _, m := range numberInWords.FindAllString(text, -1) {
		digits := strings.TrimRight(m, " %percntMWmw")
		for _, reading := range []string{strings.ReplaceAll(digits, ",", "."), strings.ReplaceAll(digits, ",", "")} { // 1,5 and 1,500
			v, err := strconv.ParseFloat(reading, 64)
			if err != nil {
				continue
			}
			list = append(list, v)
			switch unit := strings.ToLower(strings.TrimSpace(m[len(digits):])); {
			case unit == "mw":
				list = append(list, 1000*v)
			case unit != "":
				list = append(list, v/100)
			}
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		list = append(list, wordsForNumbers[w]...)
	}
	return list
}

var wordsForNumbers = map[string][]float64{
	"half": {0.5}, "quarter": {0.25, 0.75}, "quarters": {0.75}, "third": {1. / 3, 2. / 3}, "thirds": {2. / 3}, "full": {1}, "fully": {1},
	"zero": {0}, "nothing": {0}, "none": {0}, "no": {0}, "never": {0}, "not": {0}, "any": {0}, "anything": {0}, "avoid": {0}, "without": {0},
}

// Words that tell without doubt on which side of a value something is to stay.
var (
	atMostInWords  = regexp.MustCompile(`(?i)\b(at most|or less|or below|no more than|not more than|up to)\b|(\b(not|never|avoid|without)\b|n't\b)[^.]{0,40}\bmore than\b`)
	atLeastInWords = regexp.MustCompile(`(?i)\b(at least|or more|or above|no less than|not less than)\b`)
)

// relationIn is what a text says of the side; "" where it says nothing, or both.
func relationIn(text string) Relation {
	most, least := atMostInWords.MatchString(text), atLeastInWords.MatchString(text)
	switch {
	case most && !least:
		return AtMost
	case least && !most:
		return AtLeast
	}
	return ""
}
