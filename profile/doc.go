// Package profile holds what drives a simulated year: load, sun, wind and
// prices in steps of a quarter of an hour, what was forecast of them the day
// before, the day shapes of customers, and which days train and which test.
//
// A Year comes from one of three places: BuiltIn is Belgium in 2015 and part of
// the program, Generate makes any year from a seed, and Import reads Elia's
// files, which a Fetcher downloads; Open chooses by name. Shape gives a
// customer's load by calendar; ReadSeries reads a prosumer's own measurements.
//
// Days are cut at midnight in UTC+1 all year, without daylight saving; every
// value is the mean over the quarter of an hour that starts at its step.
//
// The package knows nothing of prosumers or networks: it deals in fractions of
// a peak or of a capacity, which package community scales.
package profile
