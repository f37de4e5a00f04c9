package format

import (
	"strings"

	"chaperone/phi"
)

// kindOfLabel is the kind of everything under a header or key whose meaning
// leaves no doubt, in English, French or Spanish; None for all others, which are
// scanned with the label as context.
func kindOfLabel(label string) phi.Kind { return columnKinds[plainLabel(label)] }

// labelled is a locus under a label outside a table: of the label's kind where
// that leaves no doubt, else to be scanned with the label as context.
func labelled(path, label, text string) Locus {
	l := Locus{Path: path, Label: label}
	kind := kindOfLabel(label)
	if kind != phi.None && !vague[plainLabel(label)] && !empty(text) && (kind != phi.Date || dateLike(text)) {
		l.Kind = kind
	}
	if kind == phi.Name && l.Kind == phi.None && plainKey(text) {
		l.Label = "" // "articleid": the name of a thing, as programs write it
	}
	return l
}

var foldLabel = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "ç", "c", "ñ", "n", "ó", "o", "í", "i", "ú", "u", "á", "a", "ô", "o", "'", "", "’", "", "#", "number", "°", "o")

// plainLabel reduces a header to lower-case letters and digits: "Last_Name",
// "last name" and "lastName" are the same.
func plainLabel(label string) string {
	label = foldLabel.Replace(strings.ToLower(label))
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, label)
}

var columnKinds = kindsByLabel(map[phi.Kind]string{
	phi.Name: `name patientname fullname firstname lastname middlename middleinitial givenname familyname surname forename maidenname birthname
		fname lname mname ptname patientfirstname patientlastname patientmiddlename ptfirst ptlast patient mothersname fathersname mothersmaidenname nextofkin
		nextofkinname emergencycontact emergencycontactname guarantor guarantorname subscribername insuredname membername contactname guardianname preferredname nickname
		provider providername physician physicianname doctor doctorname attending attendingphysician attendingname referringphysician referringprovider pcp pcpname
		nurse nursename clinician clinicianname practitioner practitionername surgeon surgeonname author authorname employeename staffname spousename
		nom prenom nomdefamille nomcomplet nomprenom nomdupatient prenomdupatient nompatient prenompatient nomdenaissance nomdejeunefille nomusuel nomdusage medecin medecintraitant
		nombre nombres apellido apellidos nombrecompleto primernombre segundonombre primerapellido segundoapellido nombredelpaciente paciente medico`,
	phi.Street: `address address1 address2 streetaddress street streetname addressline addressline1 addressline2 homeaddress mailingaddress patientaddress residentialaddress
		adresse adressepostale rue adresse1 adresse2 direccion domicilio calle`,
	phi.Place:  `city town municipality county birthplace placeofbirth cityofbirth patientcity homecity ville commune lieudenaissance municipalite ciudad municipio lugardenacimiento localidad`,
	phi.Postal: `zip zipcode postalcode postcode zip5 zip4 zipplus4 patientzip codepostal cp codigopostal`,
	phi.Org:    `employer employername school schoolname hospital hospitalname facility facilityname clinic clinicname employeur etablissement hopital ecole empleador escuela`,
	phi.Date: `dob dateofbirth birthdate birthday datenaissance datedenaissance ddn fechadenacimiento fechanacimiento dod dateofdeath deathdate datededeces fechadedefuncion
		admissiondate admitdate dateofadmission dischargedate dateofdischarge servicedate dateofservice dos visitdate encounterdate appointmentdate appointment`,
	phi.Phone: `phone phonenumber telephone tel mobile mobilephone cell cellphone homephone workphone phone1 phone2 contactphone contactnumber emergencyphone pager
		numerodetelephone notelephone notel cellulaire portable telefono celular movil telefonocasa`,
	phi.Fax:   `fax faxnumber telecopieur telecopie`,
	phi.Email: `email emailaddress mail courriel adressecourriel correo correoelectronico`,
	phi.Ident: `ssn socialsecuritynumber socialsecurity socialsecurityno sin socialinsurancenumber nas numeroassurancesociale nationalid nationalidnumber passport passportnumber nir numerosecuritesociale
		dni nif curp numerodeseguridadsocial pasaporte taxid`,
	phi.Record: `mrn medicalrecordnumber medicalrecord patientid patientnumber ptid chartnumber chartno chart recordnumber hospitalnumber unitnumber mrno medrecno medrec
		numerodedossier nodossier dossier ipp nip numeropatient idpatient historiaclinica numerohistoria idpaciente nhc personid`,
	phi.Member: `memberid membernumber subscriberid subscribernumber policynumber policyno insuranceid insurancenumber healthcardnumber healthcard healthcardno hcn ohip phn ramq nam mbi medicareid medicarenumber
		medicaid medicaidid nhsnumber nhsno nhs groupnumber beneficiaryid hicn ihi nhi carteassurancemaladie numeroassurancemaladie numerodepoliza poliza`,
	phi.Account: `account accountnumber accountno acct acctno acctnumber patientaccount patientaccountnumber billingaccount encounterid encounternumber visitnumber visitid visitno bankaccount iban creditcard cardnumber
		numerodecompte compte numerodecuenta cuenta claimid claimnumber invoicenumber`,
	phi.Licence: `license licensenumber licence licencenumber driverslicense driverlicense driverslicence dl dlnumber npi providernpi dea deanumber providerid physicianid permisdeconduire nopermis licencia`,
	phi.Vehicle: `vin vehicleid vehicleidentificationnumber licenseplate licenceplate plate platenumber plaque immatriculation matricula`,
	phi.Device:  `serialnumber serialno serial deviceid deviceserial deviceserialnumber udi implantserial imei numerodeserie lotnumber`,
	phi.Link:    `url website webpage homepage siteweb`,
	phi.Host:    `ip ipaddress ipaddr adresseip macaddress mac`,
	phi.Code:    `username userid login accession accessionnumber accessionno specimenid specimennumber ordernumber orderid sampleid uuid guid`,
})

func kindsByLabel(words map[phi.Kind]string) map[string]phi.Kind {
	m := map[string]phi.Kind{}
	for kind, list := range words {
		for _, w := range strings.Fields(list) {
			m[w] = kind
		}
	}
	return m
}
