package spoken

import (
	"strconv"
	"strings"
)

// Number says n, 0 to 9999, in Indonesian, or in English where lang is "en".
// Anything outside that range is its digits, left to the synthesiser.
func Number(lang string, n int) string {
	switch {
	case n < 0 || n > 9999:
		return strconv.Itoa(n)
	case lang == "en":
		return english(n)
	}
	return indonesian(n)
}

var indonesianUnits = [...]string{"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"}

func indonesian(n int) string {
	rest := func(n int) string { // the part after a round number; nothing where it is round
		if n == 0 {
			return ""
		}
		return " " + indonesian(n)
	}
	switch {
	case n < 12:
		return indonesianUnits[n]
	case n < 20:
		return indonesianUnits[n-10] + " belas"
	case n < 100:
		return indonesianUnits[n/10] + " puluh" + rest(n%10)
	case n < 200:
		return "seratus" + rest(n-100)
	case n < 1000:
		return indonesianUnits[n/100] + " ratus" + rest(n%100)
	case n < 2000:
		return "seribu" + rest(n-1000)
	}
	return indonesianUnits[n/1000] + " ribu" + rest(n%1000)
}

var (
	englishUnits = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	englishTens  = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

func english(n int) string {
	rest := func(n int, join string) string {
		if n == 0 {
			return ""
		}
		return join + english(n)
	}
	switch {
	case n < 20:
		return englishUnits[n]
	case n < 100:
		return englishTens[n/10] + rest(n%10, "-")
	case n < 1000:
		return englishUnits[n/100] + " hundred" + rest(n%100, " ")
	}
	return englishUnits[n/1000] + " thousand" + rest(n%1000, " ")
}
