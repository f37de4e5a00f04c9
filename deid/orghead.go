package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// orgHeads are the words that end the name of a business, a home, a club or a
// service, as they are written: with a capital.
var orgHeads = wordSet(`Academy Acres Airlines Airport Airways Ambulance Ambulances Apartments Apothecary Arena Arms Army Associates Auto Bakery Bank Bar Barn Base Bees Brewery Brothers Builders Bus Cab Cafe Camp Care
	Cannery Casino Castle Catering Center Centers Centre Chapel Charter Chemist Chemists Church Cleaners Cleaning Clinic Clinics Club Co Community Coffee College Collegiate Commons Company Concrete Construction Contracting Co-op Coop Corp
	Cottage Cottages Council Court Crossing Dairy Daycare Deli Dental Dentistry Depot Dermatology Diagnostics Dialysis Diner Discount Dispensary Distribution Distributors Drug Drugs EMS Electric Elementary Endoscopy
	Energy Enterprises Estates Excavating Express Eye Fabrication Farm Farms Feed Fire Fitness Florist Foods Foundation Foundry Freight Funeral Furniture Garage Garden Gardens Gas Glass Golf Grange Grill Grille Grocers Grocery Group Gym
	Hall Hardware Harvest Haven Hauling Health Healthcare Hearing Heating Heights High Holdings Homecare Homes Hospice Hospital Hotel House Housing Imaging Inc Industries Infirmary Infusion Inn Institute Insurance Jail Kindergarten
	Kitchen Lab Laboratories Laboratory Labs Landing Landscaping Lanes Laundry Library Lines Liquor Living Lodge Logistics Lounge Ltd Lumber Machine Mall Manor Manufacturing Marina Market Mart Masonry Meadows Meats Medical Medicine
	Memorial Methodist Mill Mills Mine Mines Ministries Ministry Mission Montessori Mortuary Motel Motors Movers Museum Mutual Network Nurseries Nursery Nursing Oaks Obgyn Oncology Opticians Optical Orchard Orchards Ortho Orthodontics
	Orthopaedics Orthopedics Outfitters Outreach Oxygen Packing Painting Parish Park Partners Pediatrics Peds Penitentiary Pharmacy Physicians Pines Pizza Place Plant Plastics Plating Plaza Plumbing Pointe Police Poultry Power Practice Precinct Prep
	Preschool Press Prison Produce Products Properties Pub Quarry Radiology Railroad Railway Ranch Realty Recovery Recycling Refinery Regional Rehab Rehabilitation Rentals Repair Residence Resort Restaurant Roofing Salon Salvage Savings Sawmill School
	Schools Security Senior Seniors Services Sheriff Shelter Shipping Shop Shoppe Shops Solutions Spa Speedway Springs Stadium Staffing Station Steel Storage Store Stores Studio Studios Supermarket Supply Surgery Surgical Synagogue Systems Tavern Taxi
	Team Technologies Temple Terrace Textiles Theater Theatre Therapy Tire Tires Tool Towers Towing Transit Transport Transportation Trucking Trust Union University Urology Utilities Villa Village Vineyard Vineyards Vision Walk-In Warehouse Welding Wellness
	Wheels Winery Woods Woodworks Works YMCA YWCA Zoo Ward Pavilion Magistrates Dining Paving Pipeline Drilling Oilfield Grain Elevator Aggregates Communications Wireless Telecom Software Entertainment Legion Firm Barbershop Kennels Stables
	Gastroenterology Endocrinology Cardiology Neurology Rheumatology Nephrology Pulmonology Hematology Haematology Psychiatry Psychology Obstetrics Gynecology Podiatry Periodontics Endodontics Audiology Physio Physiotherapy Chiropractic Counseling Counselling Midwifery Pathology Neurosurgery
	Aesthetics Ophthalmology Optometry Otolaryngology Allergy MRI Osteopathy Glassworks Steelworks Ironworks Waterworks Brickworks Waterpark Horizons Tutoring Scaffolding Joinery Flooring Upholstery Tannery Smelter Concentrator Colliery Outpatients Speech Magnetic Magnet Pantry Vet Veterinary Surgicenter ENT OBGYN OB/GYN LLC LLP PLLC PC`)

// generalWords are said of any institution or any care: alone they name none.
var generalWords = wordSet(`Intensive Acute Early Advanced High Low Risk Critical Coronary Home Health Physical Occupational Speech Social Work Therapy Infection Control Disease Patient Patients Safety Quality Public Poison Urgent Same
	Day Walk In Open Access Sports Travel Weight Loss Spine Vein Breast Sleep Stroke Memory Fall Falls Pre Post Op Recovery Operating Labor Maternal Fetal Women Men Child Infant Adolescent Behavioral Behavioural Substance Abuse Crisis
	Palliative Supportive Comfort Respite Long Short Term Skilled Assisted Independent Adult Pain Heart Lung Kidney Liver Brain Bone Joint Blood Skin Foot Hand Eye Ear Nose Throat Family Internal General Special Specialty Primary Secondary Tertiary
	Second First Third New Old Main Outside Local Our Your My The This That Emergency Trauma Rapid Response Code Life Support Advance Directive Power Attorney Living Will Nursing Rehab Rehabilitation Medical Surgical Hospital Clinic Center Centre Care
	Service Services Unit Department Program Team Group Office Staff Hotline Line Help Insurance Benefits Human Resources Billing Records Quality Improvement Case Management Utilization Review Pharmacy Laboratory Radiology Imaging Nuclear Medicine
	Cancer Oncology Cardiology Neurology Surgery Transplant Diabetes Asthma Allergy Wound Ostomy Fertility Hearing Vision Dental Oral Community State County City Federal National Regional World International American Canadian British Australian
	European United Joint Central University College School Board Association Society Academy Council Committee Commission Administration Agency Institute Foundation Organization Food Drug Veterans Affairs Education Every Each Any Some All No Both
	Mini Mental Status Glasgow Beck Visual Analog Numeric Phase Stage Grade Type Class Level Step Group Arm Cycle Week Month Year Dose Lab Labs Continue Start Stop Give Take Check Call Send Order Please Thank Dear Attends Follow Plan Note Needs Wants
	Postanesthesia Preanesthesia Postanesthetic Anesthesia Anaesthesia Newborn Nursery Postpartum Antepartum Perioperative Compassionate Deliberate Practice Hospice Ambulance Ambulatory Observation Telemetry Isolation Treatment Prevention Education Learning Research Training Physician Provider Doctor Nurse Resident Student Parent Teacher Worker Employee
	Orthopaedic Orthopedic Plastic Vascular Thoracic Robotic Minimally Invasive Laparoscopic Endoscopic Interventional Diagnostic Clinical Bedside Virtual Remote Telehealth Mobile Online Electronic Digital Global Rural Urban Community
	Consider Discussed Reviewed Seen Given Accepted Declined Referred Transferred Admitted Discharged Recommend Avoid Monitor Repeat Obtain Return Ask Tell Write Draft Summarize Explain Is Was Are Can Should Does Did Has Have Had When Where What Which Who Why How`)

// orgByHead takes the capitalised words from token i on when a word for a
// business, a home or a service ends them and one of them is its own:
// "Ozark Home Oxygen", "Gentle Hands Dental", "Golden Acres Lodge".
func (p *page) orgByHead(i int) int {
	t := p.at(i)
	if !t.capital() && t.shape != camel || p.caps && !p.shoutedLead(i) || p.taken[i] || masked(p.word(i)) || t.cue&(cueFunction|cueMonth|cueWeekday|cueTitle) != 0 && p.word(i) != "The" || i > 0 && p.near(i) && p.at(i-1).capital() && p.at(i-1).cue&(cueLabel|cueAct|cueKin|cueRole|cueNever|cueFunction) == 0 && !generalWords[p.word(i-1)] && !(p.opens(i-1) && p.entry(i-1).English() > 0 && p.entry(i-1).English() < 5) {
		return 0
	}
	end := p.orgRun(i)
	head, own, strong, words := 0, 0, 0, 0
	for k := i; k < end; k++ {
		x := p.at(k)
		if x.kind != word || !x.capital() && x.shape != camel || p.word(k) == "s" || x.cue&cueParticle != 0 && x.shape == lower1 {
			continue
		}
		words++
		switch {
		case (orgHeads[p.word(k)] || p.caps && orgHeads[titleOf(p.word(k))]) && k > i:
			head = k + 1
			if !generalWords[p.word(k)] && k > i+1 && own == 0 {
				own++ // "Senior Wheels" is one of a kind by its head
			}
		case p.ownWord(k):
			own++
			if x.entry.English() == 0 || x.entry.English() >= 4 || p.strength(k) >= 6 {
				strong++
			}
		}
	}
	if low := p.homeBehind(end); low > end && own > 0 && (p.orgLead(i) || p.word(i) == "The" && words > 1) && (strong > 0 || p.word(i) == "The") {
		p.put(phi.Org, i, end, 0.75, "org-kind")
		return low
	}
	if head == 0 || own == 0 || words < 2 || p.titled && strong == 0 {
		return 0
	}
	for k := head; k < end; k++ {
		if t := p.at(k); !p.caps && t.kind == word && t.capital() && !generalWords[p.word(k)] && !departments[p.word(k)] {
			return 0 // the name goes on: it is no institution's
		}
	}
	opens := p.opens(i) && !p.is(i-1, ':')
	if t.gap >= gapLine && words > 2 && p.is(head, ',') && p.at(head+1).kind == digits && p.near(head+1) && !p.cue(head-1, cueNever) {
		p.put(phi.Org, i, head, 0.8, "org-letterhead")
		return head
	}
	if strong == 0 && (opens && (words < 3 || t.entry.English() < 3) || !opens && !p.orgLead(i)) {
		return 0
	}
	if opens && strong < 2 && t.entry.English() > 0 && t.entry.English() < 3 || p.cueNear(head-1) || p.is(head, ':') && p.opens(i) {
		return 0
	}
	if p.is(head, '-') && (p.word(head+1) == "op" || p.word(head+1) == "Op") {
		head += 2 // Co-op
	}
	if x := p.at(head); x.kind == word && x.capital() && x.gap == gapSpace && head < p.orgRun(i) && generalWords[p.word(head)] && p.at(head+1).kind == punct {
		head++
	}
	end = p.ofPlace(head)
	if (p.word(i-1) == "The" || p.word(i-1) == "THE") && p.near(i) && p.at(i-1).gap >= gapLine {
		i-- // The Ivy Lane Surgery
	}
	p.put(phi.Org, i, end, 0.8, "org-head")
	return end
}

// shoutedLead says whether, in a text all in capitals, a word that institutions
// stand after is before token i, or a line begins there.
func (p *page) shoutedLead(i int) bool {
	switch p.word(i - 1) {
	case "AT", "FROM", "TO", "BY", "FOR", "WITH", "VIA", "OUTSIDE", "BEHIND":
		return true
	}
	return p.at(i).gap >= gapWide
}

// locatedCaps is located in a text all in capitals: two words and more, one of
// them no word of the language.
func (p *page) locatedCaps(j int) int {
	end, own := j, 0
	for end < j+4 && p.at(end).shape == upper2 && p.near(end) && !p.taken[end] && p.at(end).cue&(cueFunction|cueMonth|cueWeekday|cueTitle|cueMeasure|cueNever) == 0 && !p.entry(end).Has(clinicalTraits|reference.Device|reference.Eponym|reference.Nationality) && !departments[p.word(end)] {
		if w := p.at(end); !generalWords[titleOf(p.word(end))] && w.cue&(cueOrg|cueOrgMid|cueDirection) == 0 && (w.entry.English() == 0 || w.entry.English() >= 5) {
			own++
		}
		end++
	}
	if !p.caps || end < j+2 || own == 0 || p.region(j) >= end {
		return 0
	}
	p.put(phi.Org, j, end, 0.65, "located")
	return end
}

// titleOf writes a word in capitals with one capital.
func titleOf(s string) string {
	if s == "" {
		return s
	}
	return s[:1] + lowerOf(s[1:])
}

// located takes what stands at, outside or behind which somebody was, where
// nothing in its name says what it is: "outside the Rural King", "at Toyota
// Boshoku", "at Heartland Skin & Joint".
func (p *page) located(i int) int {
	w := p.word(i)
	switch w {
	case "at", "outside", "behind", "inside", "beside":
	case "AT", "OUTSIDE", "BEHIND":
		return p.locatedCaps(i + 1)
	default:
		return 0
	}
	j := i + 1
	if p.word(j) == "the" {
		j++
	}
	if p.caps || p.titled || !p.near(j) || p.at(j).shape != title1 && p.at(j).shape != camel || p.taken[min(j, len(p.tok)-1)] {
		return 0
	}
	end := p.orgRun(j)
	own, unknown, and, words := 0, 0, false, 0
	for k := j; k < end; k++ {
		t := p.at(k)
		and = and || p.is(k, '&')
		if t.kind != word || p.word(k) == "s" {
			continue
		}
		words++
		if t.entry.Has(clinicalTraits|reference.Eponym|reference.Device|reference.Nationality) && !and || departments[p.word(k)] && !and || t.cue&(cueMonth|cueWeekday|cueTitle) != 0 {
			return 0
		}
		if p.ownWord(k) {
			own++
			if t.entry.English() == 0 || t.entry.English() >= 4 {
				unknown++
			}
		}
	}
	shop := words == 1 && p.is(end-2, '\'') && p.word(end-1) == "s" && (w != "at" || p.word(end) == "on" || p.isAny(end, ",.")) && own == 1
	if own == 0 || !shop && (words < 2 || words > 5 || w == "at" && unknown == 0 && !and) || p.cueNear(end-1) || p.at(end).kind == digits && p.near(end) || p.region(j) >= end {
		return 0
	}
	p.put(phi.Org, j, end, 0.7, "located")
	return end
}

// homeBehind yields the end of the words for a home, a shop or a school that
// stand in small letters behind its name: "Golden Acres nursing home".
func (p *page) homeBehind(i int) int {
	if !p.near(i) || p.at(i).shape != lower1 {
		return i
	}
	switch w, next := p.word(i), p.word(i+1); {
	case (w == "nursing" || w == "group" || w == "retirement" || w == "care" || w == "funeral" || w == "foster") && next == "home", w == "assisted" && next == "living", w == "parking" && next == "lot", w == "grocery" && next == "store", w == "high" && next == "school", w == "elementary" && next == "school", w == "middle" && next == "school":
		return i + 2
	case w == "plant", w == "factory", w == "pharmacy", w == "daycare", w == "church", w == "shelter", w == "apartments", w == "campus", w == "warehouse", w == "school", w == "gym", w == "rehab", w == "prison", w == "jail", w == "casino", w == "restaurant", w == "store", w == "infirmary", w == "hospital", w == "clinic", w == "platform", w == "depot", w == "mill", w == "mine":
		return i + 1
	}
	return i
}

// ownWord says whether the word at token k can be an institution's own.
func (p *page) ownWord(k int) bool {
	t := p.at(k)
	return !generalWords[p.word(k)] && t.cue&(cueNever|cueOrgMid|cueOrg|cueDirection|cueFunction|cueTitle|cueMonth|cueWeekday|cueCredential) == 0 && !t.entry.Has(clinicalTraits|reference.Nationality|reference.Eponym|reference.Device) && !departments[p.word(k)] && t.size() > 1
}

// orgRun yields the end of the capitalised words from token i on, joined by
// hyphens, apostrophes and "&".
func (p *page) orgRun(i int) int {
	end := i
	for k := i; k < i+10; k++ {
		t := p.at(k)
		switch {
		case k > i && t.gap > gapSpace:
			return end
		case t.kind == word && (t.capital() || t.shape == camel) && (t.cue&(cueFunction|cueWeekday) == 0 || k == i) && !(t.cue&cueMonth != 0 && p.dated(k)) && !(t.cue&cueLabel != 0 && t.cue&cueOrg == 0 && p.is(k+1, ':') && k > i):
			end = k + 1
		case p.word(k) == "s" && p.is(k-1, '\'') && t.gap == gapNone:
			end = k + 1
		case k > i && (p.is(k, '&') || p.isAny(k, "'-") && t.gap == gapNone && p.at(k+1).gap == gapNone), p.is(k, '.') && p.at(k-1).size() <= 2 && p.at(k+1).capital() && t.gap == gapNone && p.near(k+1):
		case k > i && (p.word(k) == "in" || p.word(k) == "op") && p.is(k-1, '-') && t.gap == gapNone:
			end = k + 1
		case k > i && (p.word(k) == "El" || p.word(k) == "La" || p.word(k) == "Los" || p.word(k) == "Las" || p.word(k) == "Le" || p.word(k) == "Les") && p.at(k+1).capital() && p.near(k+1):
		case p.word(k) == "and" && k > i && p.at(k+1).capital() && orgHeads[p.word(k+2)] && p.ownWord(k-1) && p.ownWord(k+1):
		default:
			return end
		}
	}
	return end
}

// orgLead says whether a word that institutions stand after is before token i.
func (p *page) orgLead(i int) bool {
	j := i - 1
	if p.word(j) == "the" || p.word(j) == "is" {
		j--
	}
	if p.is(j, '(') || p.is(j, ':') || p.is(j, ',') && p.near(i) && (p.cue(j-1, cueCredential) || p.at(j-1).shape == title1 && p.strength(j-1) >= 3) {
		return true
	}
	switch p.word(j) {
	case "says", "vendor", "Vendor", "supplier", "provider", "employer's", "and":
		return p.same(i) && p.word(j) != "and"
	case "at", "from", "to", "by", "with", "for", "behind", "outside", "inside", "in", "near", "through", "via", "of", "called", "call", "visited", "Attends", "attends", "owns", "dentist", "pharmacy", "employer", "daycare", "school", "office", "referrals", "who", "dispo", "facility", "church", "gym":
		return p.same(i)
	}
	return false
}

// ofPlace goes on from an institution's name over "of Wichita Falls".
func (p *page) ofPlace(end int) int {
	if p.word(end) == "of" && p.near(end) && p.at(end+1).capital() && p.near(end+1) && !p.entry(end+1).Has(clinicalTraits) {
		next, words, proper := p.capitals(end + 1)
		if words > 0 && words <= 3 && proper > 0 {
			return next
		}
	}
	return end
}

// institutionOf takes "Baptist Memorial of Harlow", "Children's of Wichita
// Falls" and "City of Fresno".
func (p *page) institutionOf(i int) int {
	t := p.at(i)
	if t.shape != title1 || p.caps || t.cue&(cueFunction|cueMonth|cueWeekday|cueTitle) != 0 || p.at(i-1).shape == title1 && p.near(i) && p.at(i-1).cue == 0 {
		return 0
	}
	end := p.orgRun(i)
	if end == i || end > i+6 || p.word(end) != "of" || p.at(end+1).shape != title1 {
		return 0
	}
	kind := p.at(end-1).cue&(cueOrg|cueOrgMid) != 0 || orgHeads[p.word(end-1)] || p.word(end-1) == "s" && (p.word(end-3) == "Children" || p.word(end-3) == "Women") || p.word(end-1) == "Protective" || p.word(end-1) == "City" || p.word(end-1) == "Town" || p.word(end-1) == "Services"
	x := p.at(end + 1)
	if !kind || generalWords[p.word(end+1)] || x.entry.Has(clinicalTraits|reference.Nationality) || x.cue&(cueNever|cueOrg|cueOrgMid|cueMonth|cueFunction) != 0 || x.entry.English() > 0 && x.entry.English() < 4 && x.entry.Place() < 4 && !p.cue(end+2, cueCounty) || p.region(end+1) > end+1 && !p.cue(end-1, cueOrg) {
		return 0
	}
	next, _, _ := p.capitals(end + 1)
	p.put(phi.Org, i, next, 0.8, "org-of")
	return next
}

// orgFirst are the words that begin an institution's name in English.
var orgFirst = wordSet(`Temple Masjid Congregation Fort Camp Iglesia Casa Club Hotel Cafe Chez Joint Naval Marine Radio Stade Planned Salvation Local Lycee Ecole`)

// orgByFirst takes "Temple Beth Shalom", "Fort Bragg" and "UAW Local 600".
func (p *page) orgByFirst(i int) int {
	if p.word(i+1) == "Local" && p.at(i).shape == upper2 && p.at(i+2).kind == digits && p.near(i+2) {
		p.put(phi.Org, i, i+3, 0.85, "union")
		return i + 3
	}
	if !orgFirst[p.word(i)] || p.caps || !p.near(i+1) || !p.at(i+1).capital() || p.cue(i+1, cueFunction|cueNever) && p.word(i+1) != "Army" {
		return 0
	}
	switch p.word(i) {
	case "Planned", "Salvation", "Joint", "Naval", "Marine", "Local":
		if w := p.word(i + 1); w != "Parenthood" && w != "Army" && w != "Base" && w != "Corps" && w != "Air" {
			return 0
		}
	}
	end, _, _ := p.capitals(i)
	if end < i+2 {
		return 0
	}
	end = p.homeBehind(end)
	p.put(phi.Org, i, end, 0.8, "org-first")
	return end
}

// chains are firms with many doors: which of them somebody works or shops at
// is theirs to keep.
var chains = wordSet(`walmart target costco walgreens cvs kroger publix safeway amazon ups fedex usps mcdonald mcdonalds starbucks subway tyson boeing wendy wendys lowes lowe aldi lidl tesco asda sainsbury sainsburys boots morrisons waitrose
	loblaws sobeys superstore shoppers pharmaprix familiprix uniprix brunet carrefour leclerc auchan sncf ratp amr heb meijer wegmans albertsons winco food4less petsmart menards michaels ikea uber lyft doordash whataburger chipotle culvers
	quest labcorp lifelabs dynacare simonmed radnet davita fresenius amedisys bayada apria lincare medline sysco cintas grainger perdue halliburton raytheon lockheed northrop rotary kiwanis goodwill publix greggs wickes screwfix halfords tesla rivian accenture deloitte
	sheetz wawa iga maxi rona canadian mercadona chedraui soriana oxxo bunnings coles woolworths kmart countdown greyhound amtrak caterpillar cargill jbs smithfield mayo hopkins sunnybrook geisinger ochsner vanderbilt`)

// chainKeys are the same as the tokens have them.
var chainKeys = func() map[reference.Key]bool {
	m := map[reference.Key]bool{}
	for w := range chains {
		m[reference.KeyOf(w)] = true
	}
	return m
}()

// chainAt takes such a firm after at, for, in and the like.
func (p *page) chainAt(i int) int {
	t := p.at(i)
	w := p.word(i)
	two := w == "General" && (p.word(i+1) == "Motors" || p.word(i+1) == "Mills" || p.word(i+1) == "Electric") || w == "Rite" && p.word(i+1) == "Aid" || w == "RITE" && p.word(i+1) == "AID" || w == "rite" && p.word(i+1) == "aid" || w == "Jean" && p.word(i+1) == "Coutu" || w == "Home" && p.word(i+1) == "Depot" || w == "Dollar" && (p.word(i+1) == "General" || p.word(i+1) == "Tree") || w == "Tim" && p.word(i+1) == "Hortons" || w == "Whole" && p.word(i+1) == "Foods" || w == "Best" && p.word(i+1) == "Buy"
	if !two && (t.size() > 10 || !chainKeys[t.key]) || t.shape == lower1 && t.entry.English() > 0 && t.entry.English() < 5 || p.cueNear(i) {
		return 0
	}
	if prev := p.word(i - 1); w == "Mayo" && (prev != "at" && prev != "from" || p.at(i+1).kind == word && p.word(i+1) != "and" && p.word(i+1) != "for") {
		return 0 // scissors and stands are Mayo's too
	}
	j := i - 1
	for n := 0; n < 2 && (p.word(j) == "the" || p.word(j) == "local" || p.is(j, ':') || p.word(j) == "le" || p.word(j) == "la" || p.word(j) == "THE"); n++ {
		j--
	}
	switch lowerOf(p.word(j)) {
	case "of":
		if j == i-1 {
			return 0
		}
	case "at", "from", "to", "for", "in", "by", "outside", "behind", "inside", "with", "pharmacy", "employer", "via", "through", "chez", "au", "a", "works", "worked", "en", "or", "and", "near", "drives", "delivers", "via@":
	default:
		return 0
	}
	end := i + 1
	if two {
		end++
	}
	if p.is(end, '\'') && p.word(end+1) == "s" {
		end += 2
	}
	for p.cue(end, cueOrg) && p.at(end).capital() && p.near(end) && !p.caps {
		end++
	}
	p.put(phi.Org, i, end, 0.75, "chain")
	return end
}

// initialsOfHospital takes SFMC after "transferred from" and its like: three
// to six capitals that are no word, no unit and no term of medicine.
func (p *page) initialsOfHospital(i, j int) int {
	t := p.at(j)
	w := p.word(j)
	if p.caps || t.shape != upper2 || t.size() < 3 || t.size() > 6 || t.entry.English() > 0 && t.entry.English() < 5 || t.entry.Has(clinicalTraits|reference.Region|reference.Nationality|reference.Device) || departments[w] || noHospital[w] || t.cue&(cueNever|cueCredential|cueFunction|cueMonth|cueWeekday) != 0 || p.taken[j] {
		return 0
	}
	if n := len(w); w[n-1] == 'U' && n <= 6 || p.is(j+1, '-') || p.at(j+1).kind == digits && p.near(j+1) || p.cueNear(j) {
		return 0
	}
	switch lowerOf(p.word(i)) {
	case "transferred", "transfer", "transported", "records", "accepted", "xfer", "xferred", "txfr", "loc", "seen", "admitted", "referred", "transfere", "transferee":
	default:
		return 0
	}
	p.put(phi.Org, j, j+1, 0.7, "initials-of-hospital")
	return j + 1
}

// noHospital are units, homes and services in capitals that are in any town.
var noHospital = wordSet(`OSH SNF LTAC LTACH IRF ALF ILF TCU SDU IMC PCU OBS EDOU CTICU UCC FSED ASC PCP EMS VNA HHC HHA DSU ECF LTC RCF NH AFC OPD OPC IPR ARU TRU DOC BHU PHP IOP ACS AKI CHF COPD CVA TIA UTI DKA STEMI NSTEMI GIB SBO PNA
	ROSC CPR ECMO CPAP BIPAP AVR CABG PCI DVT PE CRRT HD MAT OUD AUD SUD CBT DBT EMDR ABA IEP ADA FMLA SSI SSDI WIC SNAP CPS APS DCF DHS DSS CFS ER ED OR ICU CT MRI PET EEG EMG ECG EKG ECHO TTE TEE EGD`)

func lowerOf(s string) string {
	for i := 0; i < len(s); i++ {
		if isUpper(s[i]) {
			b := []byte(s)
			for k := range b {
				if isUpper(b[k]) {
					b[k] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
