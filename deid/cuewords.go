package deid

// cueWords lists the words of each cue, folded and in lower case; "=7" gives a
// word its number. Written from general knowledge of how charts are worded.
var cueWords = map[cue]string{ //nolint:gosec // cueCredential lists MD, RN and their like; nobody signs in with them
	cueTitle: `dr drs dre mr mrs ms miss mx doctor prof professor sir madam maam rev reverend fr father sister nurse judge officer sgt
		sergeant capt captain lt col general pastor rabbi imam chief elder
		m mme mlle mm mmes mlles monsieur madame mademoiselle docteur docteure pr professeur me maitre
		mister missus dra dras dres
		sr sra srta senor senora senorita don dona doctora
		herr frau hr`,
	cueCredential: `md rn np pa pac do phd dds dmd lpn lvn crna cnm cns fnp dnp aprn arnp bsn msn msw lcsw lmsw lpc psyd pharmd rph pt dpt ot otr slp
		ccc rd ldn facs facc facp faap facog faan frcpc frcsc frcs mrcp mbbs mbchb mph ms mba esq cma ma emt rrt dc od dpm dvm ccrn cnp rpt pac cfa jd
		nrp rsw frcpc ccfp lvn aprn crnp cnp mscn faota lmhc lpcc lisw ma nremt emtp
		pta cota lvt csfa cst rvt rdcs rdms cnmt crt cdp lcpc lcsws lpn msw bsw rma cpht ccht chpn wocn cpnp acnp agnp pmhnp fnp rncr ibclc bcba chw cdces cde lmft mft ctrs atc phn rpn`,
	cueSuffix:   `jr sr ii iii iv 2nd 3rd`,
	cueParticle: `van von de del della di da das dos du des la le las los der den den ten ter te bin ibn ben bint abu al el ap st ste saint sainte mac mc san santa y e ni ui nic zu zur af av d l o`,
	cueKin: `mother father mom dad mommy daddy mum brother sister son daughter wife husband spouse partner fiance fiancee boyfriend girlfriend aunt uncle
		niece nephew cousin grandmother grandfather grandma grandpa grandson granddaughter grandchild stepfather stepmother stepson stepdaughter guardian
		caregiver caretaker neighbor neighbour friend roommate twin baby sibling parent godmother godfather widow widower surrogate proxy interpreter
		mere pere frere soeur fils fille epouse epoux mari femme conjoint conjointe compagnon compagne tante oncle neveu cousin cousine voisin voisine ami amie
		nuera yerno suegra suegro sobrina sobrino nieta nieto prima primo cunada cunado gendre bru accompagnante accompagnant aidante aidant filleul filleule cuidadora cuidador vecina vecino comadre stepdad stepmom hubby dtr dau grandniece grandnephew sitter nanny babysitter roomie gf bf ex
		madre padre hermano hermana hijo hija esposa esposo abuela abuelo tia tio`,
	cueRole: `nurse surgeon physician doctor resident intern fellow attending therapist psychologist psychiatrist cardiologist neurologist oncologist
		dermatologist pediatrician paediatrician urologist nephrologist hospitalist anesthesiologist anaesthetist radiologist pathologist gastroenterologist
		endocrinologist pulmonologist rheumatologist orthopedist podiatrist dentist optometrist ophthalmologist pharmacist dietitian midwife paramedic
		assistant scribe technician tech secretary coordinator chaplain counselor counsellor teacher coach supervisor boss manager lawyer attorney
		patient pt client resident member subscriber claimant employee student named name called alias aka nee known
		interne externe infirmier infirmiere medecin chirurgien kinesitherapeute secretaire patiente nomme nommee`,
	cueAct: `said says states stated reports reported denies denied complains complained presents presented notes noted describes described feels felt
		admits admitted reported endorses endorsed endorse wants wanted asks asked asking lives lived works worked returns returned called calls wrote writes came comes arrived
		takes took underwent tolerated agrees agreed understands understood verbalized verbalizes explained explains recommends recommended ordered
		performed examined evaluated reviewed signed dictated discussed consented refused declined requests requested reached thinks believes
		remembers smokes drinks weighs continues was is has had will would can could should does did needs needed who died passed expired fell
		developed received started stopped remains remained appears appeared seems looks looked tells told thanks
		signale rapporte presente decrit vit habite travaille consulte a est etait nie refuse accepte souhaite demande explique
		dice refiere niega vive trabaja tiene`,
	cueMeet: `said says shouted saw see seen told tell tells telling asked ask contacted contact called call paged page texted emailed email met meet meeting notified notify informed inform
		thank thanked thanks examined remind schedule reschedule discharged discharge admit transferred assigned named referred refer interviewed
		appelle llamo soy avisar avisa avise llamar llame prevenir aviser contacter joindre rappeler prevenu prevenue visited visit helped help message messaged reach calling asking seeing meeting`,
	cueBy: `by with per from for about of to via and cc attn regarding re between using
		par avec chez pour`,
	cueGreet: `hi hello hey dear bye goodbye morning afternoon evening thanks thank ok okay alright bonjour bonsoir salut merci cher chere hola gracias sincerely regards cordialement best respectfully
		welcome congratulations sorry yes no right so well love`,
	cueMonth: `january=1 february=2 march=3 april=4 may=5 june=6 july=7 august=8 september=9 october=10 november=11 december=12
		jan=1 feb=2 mar=3 apr=4 jun=6 jul=7 aug=8 sep=9 sept=9 oct=10 nov=11 dec=12
		janvier=1 fevrier=2 mars=3 avril=4 mai=5 juin=6 juillet=7 aout=8 septembre=9 octobre=10 novembre=11 decembre=12
		janv=1 fevr=2 fev=2 avr=4 juil=7 ene=1 abr=4 dic=12
		enero=1 febrero=2 marzo=3 abril=4 mayo=5 junio=6 julio=7 agosto=8 septiembre=9 setiembre=9 octubre=10 noviembre=11 diciembre=12
		januar=1 februar=2 marz=3 juni=6 juli=7 oktober=10 dezember=12
		gennaio=1 febbraio=2 aprile=4 maggio=5 giugno=6 luglio=7 settembre=9 ottobre=10 dicembre=12
		janeiro=1 fevereiro=2 marco=3 abril=4 maio=5 junho=6 julho=7 setembro=9 outubro=10 novembro=11 dezembro=12`,
	cueWeekday: `monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
		lun mer jeu ven lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo`,
	cueOrdinal: `first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 thirteenth=13 fourteenth=14
		fifteenth=15 sixteenth=16 seventeenth=17 eighteenth=18 nineteenth=19 twentieth=20 thirtieth=30 premier=1`,
	cueNumber: `zero=100 oh=100 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15
		sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fourty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90
		un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 huit=8 neuf=9 dix=10 onze=11 douze=12 treize=13 quatorze=14 quinze=15 seize=16
		tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 doce=12 trece=13 catorce=14 quince=15 veinte=20 veintiuno=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25 treinta=30
		vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60 nonante=90`,
	cueStreet: `street st avenue ave av road rd drive dr lane ln boulevard blvd court ct place pl way circle cir terrace ter trail trl parkway pkwy highway hwy
		square sq crescent cres close row mews alley aly loop pike turnpike tpke expressway expy route plaza plz walk gardens grove
		heights hts cottages villas wynd brae vennel maltings causeway hill ridge view point pt run path bend crossing xing landing cove manor line sideroad concession gate parade esplanade quay wharf broadway
		strasse laan straat`,
	cueRue: `rue av avenue boulevard boul bd blvd chemin allee allees impasse place quai cours route ruelle rang montee passage villa square sentier faubourg cote esplanade
		calle avenida paseo plaza via`,
	cueUnit: `apt apartment suite ste unit floor fl room rm bldg building flat lot trailer space no app apto depto piso local puerta esc interior appartement appt bureau etage batiment bat porte`,
	cueOrg: `hospital hospitals clinic clinics infirmary hospice sanatorium pharmacy drugstore university college school academy institute church parish temple synagogue mosque
		foundation laboratories inc llc llp corp corporation ltd company bank credit union insurance prison jail penitentiary
		shelter dispensary polyclinic rehabilitation daycare kindergarten elementary nursery seminary airlines motors industries
		trucking roofing plumbing freight logistics imaging diagnostics dentistry manor snf poultry landscaping catering crematorium dhb preschool dispensaries
		associates orthopedics orthopaedics pediatrics dermatology cardiology oncology physicians surgicenter healthcare hospitalists
		gmbh plc`,
	cueOrgFr: `hopital hop clinique chu gh ghu hcl chru chr ch ehpad clsc chsld csss ciusss cisss gmf cmp samsah esat mecs ssr csapa ime lycee ecole universite polyclinique maternite pharmacie laboratoire institut residence
		centre foyer creche udaf garderie arena cegep cpe institution ambulances pavillon college maison manoir domaine garage restaurant boulangerie usine eglise paroisse mosquee synagogue caserne penitencier chateau gymnase piscine bibliotheque commission carrefour cabinet fonderie fonderies salon cooperative scierie acierie aluminerie boucherie epicerie fromagerie fermes ferme patro provigo ressourcerie auberge
		colegio residencia iglesia tienda taller panaderia restaurante fabrica instituto botica farmacia consultorio guarderia asilo hospital clinica escuela universidad`,
	cueIn: `in from near at to of outside around lives lived live living resident residing resides moved visiting visited born raised grew native based located leaving area toward towards via
		a au en de depuis vers pres habite habitant habitait vit reside demeurant domicilie ne nee originaire
		en desde vive`,
	cueState: `al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr
		ab bc mb nb nl ns nt nu on pe qc sk yt nsw vic qld tas act ont que alta sask man`,
	cueFunction: `the a an and or but nor if then else of in on at by for with from to as into onto over under between through during before after above below up down out off
		again further once here there when where why how all any both each few more most other some such no not only own same so than too very
		i me my we our ours you your yours he him his she her hers it its they them their theirs this that these those who whom whose which what
		am is are was were be been being have has had having do does did doing would should could ought can may might must shall will
		please yes also however therefore because until while about against via per plus
		le la les un une des du de et ou mais donc car ni que qui quoi dont ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
		je tu il elle on nous vous ils elles est sont etait ont avec sans sous sur dans par pour en au aux pas ne se si y
		el los las y o con sin del al su sus es son por para que una uno`,
	cueEnglish: `the and of with was is for he she his her has had this that to are patient were which been not`,
	cueFrench:  `le la les des du une est et pour avec dans par sur au aux chez qui que un patiente ans mois cette nous`,
	cueHead: `disease diseases syndrome syndromes sign signs test tests testing procedure procedures operation maneuver maneuvers manoeuvre score scores scale scales criteria criterion
		classification grade catheter catheters clamp clamps forceps retractor retractors scissors suture sutures tube tubes drain drains needle needles wire wires pin pins
		nail rod plate plates screw screws cannula fracture fractures dislocation ligament ligaments node nodes nodule nodules body bodies cell cells reflex reflexes
		phenomenon law angle line lines point space membrane layer layers gland glands duct ducts canal ulcer ulcers hernia hernias repair
		esophagus oesophagus palsy paralysis chorea ataxia dementia lymphoma lymphomas sarcoma tumor tumors tumour thyroiditis nephritis arthritis purpura
		phase phases position incision approach technique method formula equation index stain agar medium virus fever bacillus factor stage staging
		nephropathy neuropathy contracture deformity foot bag mask pouch anastomosis bypass flap graft graft valve ring stent stents pump
		balloon filter collar brace boot splint cast traction frame bed table light lamp probe speculum laryngoscope blade brush elevator curette rongeur dissector
		protocol study trial rule rules rating inventory questionnaire guidelines guideline curve curves ratio effect response triad tetrad pentad
		esophagitis metaplasia mucosa cyst cysts abscess edema oedema orifice fossa foramen pulse murmur aphasia fascia fat pad pads tendon
		apparatus solution lactate solvent paste powder dressing wrap monitor recorder clip clips stapler trocar port device system implant prosthesis lens
		perthes danlos johnson maladie signe score syndrome sonde type positive negative like exercises hormone
		hydrocephalus malformation encephalopathy gangrene teeth nodosa breathing respiration respirations stokes
		virus vaccine scientific sciences electrode electrodes splint splints drill burr osteotome knife rongeurs blades dilator dilators sheath sheaths guide stylet gag
		extensions software analyzer analyser scanner console instrument instruments gases`,
	cueMeasure: `mg mcg ug g gm gms gram grams kg kgs ml mls cc l liter liters dl cl mm cm m km inch inches ft feet lb lbs pound pounds oz ounce ounces
		meq mmol mol umol nmol pmol ng pg iu units unit u miu unt bau cfu mmhg cmh bpm hz khz mhz mv ma w watts j joules gy cgy rads
		percent degrees degree celsius fahrenheit hours hour hrs hr h minutes minute mins min seconds sec secs days day weeks week months month
		tablets tablet tabs tab capsules capsule caps cap drops gtts puffs puff sprays vials vial amps doses dose times x packs pack ppd
		beats breaths cells copies french gauge fr ga osm mosm kcal calories cal cubic square
		comprimes comprime gelules gelule cp gouttes jours jour semaines semaine heures heure fois ampoule ampoules sachet sachets`,
	cueYears: `year years yr yrs yo y yoa old aged age ans an annees anos jahre`,
	cueDateWord: `on since until till through thru dated date admitted admission discharged discharge seen visit born dob due scheduled appointment appt surgery underwent
		last previous prior starting started beginning ending effective expires by before after from between performed done completed signed
		collected received drawn ordered reviewed dictated transcribed lmp edd edc onset returned visited presented follow followup
		le du au depuis jusqu`,
	cueSeason:    `spring summer fall autumn winter printemps ete automne hiver`,
	cueDirection: `n s e w ne nw se sw north south east west northeast northwest southeast southwest nord sud est ouest`,
	cueOrgMid: `general regional memorial community medical health healthcare care center centre centers surgical surgery university veterans va children childrens womens women
		county city state national federal central public veteran affairs mental behavioral family primary urgent nursing home rehab rehabilitation senior assisted living
		outpatient ambulatory specialty associates group partners system systems services service network trust foundation cancer heart eye spine wellness institute
		high elementary middle secondary day community technical district hospital clinic physicians teaching research imaging diagnostic dental animal
		medicine practice funeral court magistrates
		adult pediatric internal emergency intensive infusion sleep pain wound dialysis vascular orthopedic orthopaedic`,
	cueCounty: `county counties parish township borough reserve reservation precinct municipality shire pueblo rancheria barangay arrondissement neighborhood neighbourhood village
		comte canton`,
	cueNever: `allergies allergy assessment plan impression findings history medications medication labs vitals subjective objective indication indications
		technique comparison procedure preoperative postoperative diagnosis diagnoses anesthesia complications specimens specimen disposition
		recommendations recommendation discussion summary conclusion comments note notes report review systems social family surgical past present
		chief complaint reason consultation physical examination general constitutional followup instructions condition
		day week month year today tomorrow yesterday tonight noon midnight male female man woman boy girl gentleman lady infant child children
		black white hispanic caucasian asian african american native english spanish french german
		january february april june july september october november december monday tuesday wednesday thursday friday saturday sunday
		hospital clinic emergency department medical center unit ward floor room office service team staff group
		covid sars ebola influenza internet email web http https www pdf csv json xml yaml sql api url html css
		god jesus lord bible medicare medicaid tricare aetna cigna humana anthem obamacare hmo ppo va fda cdc nih who hipaa phi osha cms
		status post left right upper lower bilateral anterior posterior lateral medial superior inferior
		normal abnormal negative positive stable acute chronic mild moderate severe
		patient patients provider doctor nurse physician surgeon guest speaker clinician therapist user assistant human system interviewer
		alta ingreso motivo antecedentes diagnostico tratamiento evolucion exploracion plan
		vanc vanco vancs ceftri levo cipro gent tobra zosyn unasyn lido epi norepi levophed coumadin
		attd attg dispo loc dev imm anes supp interval fee eval traceback field avisar mi retiro info sante chaplain referee mdm
		nan null none undefined pid pv1 obr obx msh orc nk1 al1 dg1 gt1
		hm hmm uhm um uh oh ah wow yeah yep yup nope huh mhm ok okay
		i ii iii iv v vi vii viii ix x xi xii`,
}
