package deid

import "testing"

func TestNames(t *testing.T) {
	check(t, []string{
		"Mr. {name|Okonkwo} is here", "Dr. {name|Jane Q. Roe}", "Mrs {name|van der Berg}", "Mme {name|Tremblay}", "M. {name|Lefebvre} est venu", "Pr {name|Dupont}", "Sra. {name|Morales}", "dr {name|patel} said so",
		"Patient: {name|Martha Collins}", "Name: {name|Rose Hope}", "Pt name {name|Will Young}", "Nom : {name|GAGNON} Prénom : {name|Élodie}", "cc: {name|Alan Pike}, MD; {name|Maria Lopez}", "Attending: Dr. {name|Huang}", "Dictated by: {name|Sean O'Brien}, MD",
		"Médecin traitant : Dr {name|Amélie St-Jean}", "Electronically signed by {name|Priya Nair}, NP", "{name|Jane Roe}, RN", "{name|SMITH, JOHN Q}", "{name|Nguyễn Thị Hoa} is a 54-year-old",
		"{name|María José} denies pain", "{name|Mary-Jo O'Neil-Tremblay} came", "her daughter {name|Anna}", "husband, {name|Kwame}, drove", "his brother named {name|Rowan}", "nurse {name|May} on {date|May 5}"[:len("nurse {name|May}")],
		"{name|john smith} is a 54-year-old", "patient {name|martha collins}", "hello {name|martha} , sit down", "my name is {name|Siobhan}", "[{name|Martha}] I feel fine", "{name|VAUQUELIN Sylvie}", "{name|Jean-Marc BIENVENU}", "{name|Hussein Al-Khalil}", "{name|Xiomara Quispe}", "{name|Harpreet Dhillon}",
		"{name|Martinez} called back", "told {name|Okafor} to rest", "{name|Kowalczyk}'s wound is clean",
		// misses
		"Patient: I feel fine.", "Doctor: How are you today?", "the patient will follow", "a grace period", "we may use it", "Rose Bengal stain", "May repeat", "Will discuss with patient", "Dr. on call", "nurse practitioner", "daughter and son", "Mother has diabetes", "Father: hypertension, diabetes",
		"Past Medical History", "ASSESSMENT AND PLAN", "Chief Complaint: Chest Pain", "REVIEW OF SYSTEMS: NEGATIVE", "Hx: Asthma", "Assessment: Stable", "Provider: Cardiology", "Name of medication", "Patient is stable", "Author: pending",
	})
}

// TestEponymsStay: words of medicine that are people's names.
func TestEponymsStay(t *testing.T) {
	check(t, []string{
		"Wilson's disease", "Wilsons dz", "Kocher clamp", "a Bovie", "Jackson-Pratt drain", "Babinski negative", "Chaddock sign", "Gleason 7", "Wells score", "MELD 14", "HAS-BLED 2", "Framingham risk", "Lou Gehrig's disease", "the Foley was removed", "Foley catheter", "Parkinson's disease", "Crohn's", "Hashimoto thyroiditis",
		"positive Murphy's sign", "McBurney point tenderness", "Hodgkin lymphoma", "Barrett's esophagus", "Raynaud phenomenon", "Graves' disease", "Cushing syndrome", "Marfan habitus", "Bell's palsy", "Down syndrome", "Tourette syndrome", "Alzheimer's dementia", "Epstein-Barr virus", "Guillain-Barré syndrome", "Henoch-Schönlein purpura",
		"Whipple procedure", "Nissen fundoplication", "Roux-en-Y gastric bypass", "Mayo scissors", "DeBakey forceps", "Penrose drain", "Swan-Ganz catheter", "Hickman line", "Kirschner wire", "Trendelenburg position", "Romberg negative", "Homans sign", "Apgar 8 and 9", "Glasgow Coma Scale 15", "Braden scale", "Snellen chart", "Doppler study", "Holter monitor",
	})
}

// TestMedicinesAndProgramsStay: brands and products that look like names.
func TestMedicinesAndProgramsStay(t *testing.T) {
	check(t, []string{
		"Start Lipitor 20 mg nightly", "Allegra and Claritin as needed", "Coumadin held, Lovenox started", "She takes Synthroid, Zoloft and Ativan", "Advair Diskus 250/50", "Tylenol 650 mg every 6 hours", "Humira injections", "Keppra 500 mg BID", "Augmentin 875",
		"Export from Epic to Excel", "Cerner and Meditech interfaces", "Write Python code for FHIR", "Medtronic pacemaker", "Stryker system", "Ethicon suture", "Vicryl 3-0", "Claude is a model by Anthropic",
	})
}

// TestPlainProseStays: prompts and notes without identifiers.
func TestPlainProseStays(t *testing.T) {
	check(t, []string{
		"Explain the difference between type 1 and type 2 diabetes in plain English.", "What are the contraindications of metformin?", "Draft a letter of medical necessity for an insulin pump.", "Summarize the 2023 guideline on atrial fibrillation.",
		"The patient is a 54-year-old woman with hypertension. She denies chest pain. Lungs are clear to auscultation bilaterally.", "Discharge Instructions: Return to the Emergency Department for fever above 101.5.", "HEENT: Normocephalic, atraumatic. PERRLA. EOMI.", "ALLERGIES: NKDA. MEDICATIONS: None.", "Vitals: T 98.6, BP 128/76, HR 80, RR 16, SpO2 98% on RA.",
		"Rédige un modèle de compte rendu pour une consultation de cardiologie.", "Le patient présente une douleur thoracique depuis deux jours.", "Antécédents : hypertension artérielle, diabète de type 2.", "Create a CSV with columns name, dob and mrn.", "Translate the following into Spanish: take one tablet daily.", "def patient_name(record): return record[\"name\"]",
		"Compare Humana and Aetna prior authorization rules.", "Is it safe to give ibuprofen with lisinopril?", "Write a SQL query to count encounters by month.",
	})
}
