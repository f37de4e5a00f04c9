package reference

import (
	_ "embed" // the lists, once more by themselves
)

// The longest lists, which are read once and make up most of the program's data.
var (
	//go:embed data/english.txt
	englishText string
	//go:embed data/french.txt
	frenchText string
	//go:embed data/names.txt
	namesText string
	//go:embed data/places.txt
	placesText string
)

// longTexts are the lists that Load gives back when it has read them.
func longTexts() []string { return []string{englishText, frenchText, namesText, placesText} }
