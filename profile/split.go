package profile

// A Split says what each day of a year serves for. The lists are disjoint,
// ascending and cover the year.
type Split struct {
	Train, Validate, Test []int
}

// lastTestDays is how many days at the end of each month test.
const lastTestDays = 7

// Split divides the year by the calendar of UTC+1: the first day of each month
// validates, the last seven test, the rest trains. No state is carried from
// one day to the next, so none crosses a split.
func (y *Year) Split() Split {
	var s Split
	for day := range y.Days() {
		date := y.Date(day).In(zone)
		switch {
		case date.Day() == 1:
			s.Validate = append(s.Validate, day)
		case date.AddDate(0, 0, lastTestDays).Month() != date.Month():
			s.Test = append(s.Test, day)
		default:
			s.Train = append(s.Train, day)
		}
	}
	return s
}
