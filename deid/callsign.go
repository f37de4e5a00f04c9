package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// crews are the words for the cars of an emergency service, which go by a
// number.
var crews = wordSet(`Medic MEDIC ALS BLS ENG Eng Engine ENGINE Ambulance AMBULANCE Rig Squad SQUAD Ladder LADDER Rescue RESCUE Truck TRUCK Unit UNIT Helimed HELIMED Medevac MEDEVAC MICA Lifeflight LifeFlight Ambo Car CAR Tail tail SMUR VSAV VSAB`)

// callWords open what else oddCode takes.
var callWords = wordSet(`plate plates plaque tail immatriculation immatricule immatriculee rego registration matricula numberplate placas placa
	station workstation hostname host terminal computer poste seat siege asiento pin keypad passcode password passphrase codeword pw pwd passwd initials initiales`)

// dispatched are the words of a text about their work.
var dispatched = wordSet(`responded dispatched dispatch transport transported enroute scene crew Crew CREW UNITS Units units rig lifted ambulance EMS 911 TRANSPORT run pads paramedic paramedics narrative PCR ePCR PRI tail intercept trip`)

// callSign takes "Medic 42", "ALS 31", "unit M-14" and "M17 responded" in a text
// about an emergency service.
func (p *page) callSign(i int) int {
	t := p.at(i)
	if t.kind == mixed {
		s := p.word(i)
		if len(s) > 4 || !isUpper(s[0]) || !allDigits(s[1:]) || p.word(i+1) != "responded" && p.word(i+1) != "dispatched" && p.word(i+1) != "arrived" && p.word(i+1) != "transporting" {
			return 0
		}
		p.put(phi.Vehicle, i, i+1, 0.7, "call-sign")
		return i + 1
	}
	if !crews[p.word(i)] || !p.near(i+1) {
		return 0
	}
	j := i + 1
	if p.is(j, '-') && p.at(j).gap == gapNone {
		j++
	}
	end := p.run(j, "-")
	if end == j || !p.hasDigit(j, end) || int(p.tok[end-1].end-p.tok[j].start) > 7 || p.guard[j] || p.taken[j] || p.cue(end, cueMeasure|cueYears) || p.at(j).shape == lower1 && p.at(j).kind != digits || p.isAny(end, "/%:") && p.at(end).gap == gapNone || p.year(j, false) {
		return 0
	}
	if p.is(end, '.') && p.at(end).gap == gapNone && p.at(end+1).kind == digits && p.at(end+1).gap == gapNone || !p.dispatch(i) {
		return 0
	}
	a := i
	if lowerOf(p.word(i)) == "unit" || lowerOf(p.word(i)) == "tail" || lowerOf(p.word(i)) == "car" {
		a = j
	}
	p.put(phi.Vehicle, a, end, 0.68, "call-sign")
	return end
}

// dispatch says whether the words around token i are those of an emergency
// service.
func (p *page) dispatch(i int) bool {
	for j := max(0, i-14); j < i+15 && j < len(p.tok); j++ {
		if j != i && dispatched[p.word(j)] {
			return true
		}
	}
	return false
}

// carMakes are makes and models of cars that are common on roads, in small
// letters. They are the names of what is sold, and no list of anybody's.
var carMakes = wordSet(`toyota honda ford chevy chevrolet nissan hyundai kia subaru mazda volkswagen vw bmw audi mercedes lexus jeep dodge gmc buick cadillac tesla volvo acura infiniti mitsubishi suzuki peugeot renault citroen dacia opel vauxhall fiat skoda seat holden isuzu ram
	camry corolla rav4 hilux prius civic accord cr-v crv pilot f150 escape explorer focus fiesta fusion equinox silverado malibu impala tahoe suburban altima sentra rogue elantra sonata tucson sorento outback forester impreza golf jetta passat clio megane kangoo berlingo partner corsa astra wrangler cherokee caravan odyssey sienna tacoma tundra ranger commodore sedan suv transit sprinter pickup minivan hatchback van truck`)

// plateOfCar takes the plate behind a make or a model of a car: "white Equinox
// EFT 8817", "grey Corolla, KLP-204".
func (p *page) plateOfCar(i int) int {
	if t := p.at(i); t.kind != word || !carMakes[lowerOf(p.word(i))] {
		return 0
	}
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, ",(:") || plateWords[p.word(j)]); n++ {
		j++
	}
	return p.plateLike(j)
}

// plateOf takes the plate that stands a few words behind its label: "plaque du
// camion de livraison FKL 418B", "plate on vehicle KLP-204", "tail N482LG".
func (p *page) plateOf(i int) int {
	switch lowerOf(p.word(i)) {
	case "plate", "plates", "plaque", "tail", "immatriculation", "immatricule", "immatriculee", "rego", "registration", "matricula", "numberplate", "placas", "placa":
	default:
		return 0
	}
	for j, n := i+1, 0; n < 6 && p.same(j); j, n = j+1, n+1 {
		if end := p.plateLike(j); end > 0 {
			return end
		}
		if t := p.at(j); t.kind != word || t.shape == upper2 && t.size() > 3 || t.entry.Has(reference.Drug) {
			if !p.isAny(j, ":#,(") {
				return 0
			}
		}
	}
	return 0
}

// plateLike takes letters and digits of five to eight characters, in capitals,
// in one piece or two, at token j.
func (p *page) plateLike(j int) int {
	if p.at(j).kind == punct || p.at(j).kind == edge || !p.near(j) || p.guard[j] {
		return 0
	}
	end := p.run(j, "-")
	dashed := end > j+3
	if t := p.at(end); end <= j+3 && t.gap == gapSpace && (t.kind == digits || t.kind == mixed || t.shape == upper2) && t.size() <= 4 && p.at(j).size() <= 4 && !p.cue(end, cueMeasure) {
		end = p.run(end, "-")
	}
	letters, numbers := 0, 0
	for k := j; k < end; k++ {
		for _, c := range []byte(p.word(k)) {
			switch {
			case c >= '0' && c <= '9':
				numbers++
			case isUpper(c):
				letters++
			case c != '-':
				return 0
			}
		}
	}
	if letters == 0 || numbers == 0 || letters+numbers < 5 || letters+numbers > 8 && !(dashed && letters+numbers == 9) || plateWords[p.word(j)] || p.cue(end, cueMeasure|cueYears) {
		return 0
	}
	p.put(phi.Vehicle, j, end, 0.78, "plate")
	return end
}
