package deid

import "strings"

// holidays are the days that have a name, folded, without marks.
var holidays = func() map[string]bool {
	m := map[string]bool{}
	for _, h := range strings.Split(`christmas,christmas day,christmas eve,xmas,xmas eve,xmas day,thanksgiving,thanksgiving day,easter,easter sunday,easter monday,easter day,halloween,hanukkah,chanukah,ramadan,diwali,juneteenth,passover,kwanzaa,
		new year s,new year s eve,new year s day,new years,new years eve,new years day,new year,chinese new year,lunar new year,valentine s day,valentines day,st patrick s day,st patricks day,saint patrick s day,mother s day,mothers day,father s day,fathers day,
		memorial day,labor day,labour day,boxing day,canada day,independence day,victoria day,remembrance day,veterans day,veteran s day,mlk day,good friday,ash wednesday,palm sunday,black friday,mardi gras,yom kippur,rosh hashanah,sukkot,purim,holi,
		eid,eid al fitr,eid al adha,cinco de mayo,bastille day,columbus day,presidents day,president s day,groundhog day,family day,civic holiday,australia day,anzac day,waitangi day,bonfire night,guy fawkes night,burns night,hogmanay,super bowl sunday,st george s day,all saints day,all souls day,all souls,all saints,epiphany,pentecost,whitsun,
		noel,paques,toussaint,jour de l an,nouvel an,reveillon,saint sylvestre,pentecote,ascension,saint jean,saint jean baptiste,fete des meres,fete des peres,action de grace,
		navidad,nochebuena,nochevieja,ano nuevo,dia de los muertos,semana santa,dia de reyes,dia de la madre,dia de muertos,dia de todos los santos,fiestas patrias,nowruz,vaisakhi,navratri,matariki,queen s birthday,king s birthday,bank holiday monday,orange shirt day`, ",") {
		m[strings.TrimSpace(h)] = true
	}
	return m
}()

// holidayAt yields the end of the holiday's name at token i, i if there is
// none. Its first word says by a cue that one may begin.
func (p *page) holidayAt(i int) int {
	end := i
	var name strings.Builder
	for j, n := i, 0; n < 5 && (j == i || p.near(j)); j++ {
		if p.isAny(j, "'.-") && p.at(j).gap == gapNone && j > i {
			continue
		}
		if p.at(j).kind != word {
			break
		}
		if n > 0 {
			name.WriteByte(' ')
		}
		name.WriteString(strings.ToLower(p.word(j)))
		n++
		if holidays[name.String()] {
			end = j + 1
		}
	}
	return end
}

// dateFromHoliday takes a holiday that dates what happened to somebody, or that
// has its year: "Christmas Eve", "Ramadan 2023", "the day after Thanksgiving".
func (p *page) dateFromHoliday(i int) (int, float64) {
	end := p.holidayAt(i)
	if end == i {
		return 0, 0
	}
	one := end == i+1
	switch p.word(end) {
	case "disease", "factor", "tree", "dinner", "lights", "syndrome", "trial", "study", "egg", "eggs", "Hospital", "Health", "Seals", "Parish", "Island":
		return 0, 0
	}
	if y := p.yearAt(end); y > 0 {
		return y, 0.9
	}
	small := p.at(i).shape == lower1
	lead := false
	switch strings.ToLower(p.word(i - 1)) {
	case "on", "after", "before", "since", "until", "around", "last", "past", "following", "apres", "avant", "depuis", "died", "passed", "fell", "born", "admitted", "discharged", "by", "near", "this", "over", "for", "at", "during", "de", "a", "la", "le", "en":
		lead = true
	}
	w := strings.ToLower(p.word(i))
	switch {
	case one && (w == "noel" || w == "toussaint" || w == "easter" || w == "ascension" || w == "epiphany" || w == "holi") && !lead, one && w == "noel" && !p.french, one && small && !lead, one && w == "ascension", w == "toussaint" && !p.french, w == "new" && end == i+2 && !lead:
		return 0, 0
	case lead && !p.someone() && (w == "ramadan" || w == "diwali" || w == "eid" || w == "passover" || w == "christmas" || w == "halloween"):
		return 0, 0
	case lead, p.someone():
		return end, 0.75
	}
	return 0, 0
}
