package risk

const substanceCues = `substance use|substance abuse|substance misuse|substance use disorder|drug abuse|drug use|illicit drugs|illicit drug
recreational drugs|drug addiction|drug dependence|addiction|addicted|opioid use disorder|opioid dependence|opioid addiction|opiate dependence
OUD|IVDU|IVDA|PWID|intravenous drug use|iv drug use|iv drug user|injection drug use|heroin|cocaine|crack cocaine|methamphetamine|crystal meth|amphetamine abuse
fentanyl overdose|opioid overdose|heroin overdose|cannabis use disorder|marijuana use|marijuana abuse|alcohol use disorder|AUD|alcohol abuse
alcohol dependence|alcohol addiction|alcohol misuse|alcohol withdrawal|alcohol intoxication|alcoholism|alcoholic cirrhosis|alcoholic hepatitis
recovering alcoholic|chronic alcoholic|binge drinking|heavy drinker|heavy drinking|delirium tremens|CIWA|alcoholics anonymous|narcotics anonymous
detoxification program|detox program|drug rehab|alcohol rehab|methadone|buprenorphine|suboxone|subutex|sublocade|naltrexone|vivitrol|disulfiram|antabuse
acamprosate|toxicomanie|toxicomane|trouble lie a l usage|abus d alcool|abus de substances|dependance a l alcool|alcoolisme|alcoolique|sevrage alcoolique
sevrage d alcool|heroine|cocaine|consommation de drogues|drogues illicites|usage de drogues|desintoxication|alcooliques anonymes|trouble d usage`

const mentalCues = `depression|depressions|depressed mood|major depressive disorder|MDD|depressive disorder|depressive episode|dysthymia|postpartum depression
anxiety disorder|generalized anxiety|anxiety|panic disorder|panic attack|panic attacks|bipolar disorder|bipolar affective|bipolar i|bipolar ii|bipolar type|bipolar depression|bipolar illness|mania|manic episode|hypomania
schizophrenia|schizoaffective|psychosis|psychotic|hallucinations|delusional disorder|suicidal|suicide|suicidality|suicide attempt|self harm|self injury
PTSD|post traumatic stress|posttraumatic stress|obsessive compulsive disorder|borderline personality|personality disorder|eating disorder|anorexia nervosa
bulimia|psychiatric|psychiatry|psychiatrist|psychotherapy|psychotherapist|cognitive behavioral therapy|electroconvulsive therapy|PHQ|GAD 7
mental health|mental illness|involuntary hold|5150 hold|adhd|trouble depressif|depression majeure|etat depressif|depressif|depressive|trouble anxieux
anxiete|trouble bipolaire|schizophrenie|psychose|psychotique|idees suicidaires|suicidaire|tentative de suicide|automutilation|psychiatrie|psychiatre
psychiatrique|psychotherapie|sante mentale|maladie mentale|trouble de la personnalite|trouble alimentaire|anorexie mentale|boulimie|stress post traumatique`

const geneticCues = `genetic test|genetic testing|genetic counseling|genetic counselling|genetic counselor|genetic disorder|genetic disease|genetic condition
genetic mutation|genetic variant|genetically confirmed|genome sequencing|exome sequencing|whole exome|whole genome|gene panel|germline|pathogenic variant
variant of uncertain significance|VUS|gene mutation|mutation carrier|carrier screening|carrier status|karyotype|chromosomal microarray|heterozygous
homozygous|BRCA|BRCA1|BRCA2|MLH1|MSH2|CFTR|HTT|APOE|LRRK2|lynch syndrome|li fraumeni|huntington s disease|huntingtons disease|huntington disease
cystic fibrosis|sickle cell disease|sickle cell trait|tay sachs|fragile x|down syndrome|trisomy 21|hereditary cancer|hereditary breast|hereditary angioedema
hereditary hemochromatosis|factor v leiden|mutation|mutations|dna test|test genetique|tests genetiques|analyse genetique|depistage genetique
conseil genetique|maladie genetique|trouble genetique|variant pathogene|sequencage|caryotype|porteur du gene|porteuse du gene|maladie hereditaire
fibrose kystique|maladie de huntington|trisomie 21`

const stiCues = `hiv|HIV1|human immunodeficiency virus|AIDS|acquired immunodeficiency|antiretroviral|antiretroviral therapy|HAART|cd4 count|undetectable viral load
biktarvy|genvoya|truvada|descovy|pre exposure prophylaxis|hiv prep|STD|STDS|STI|STIS|sexually transmitted|venereal|syphilis|gonorrhea|gonorrhoea|chlamydia|trichomoniasis
trichomonas vaginalis|genital herpes|hsv 2|genital warts|chancroid|VDRL|RPR|vih|SIDA|seropositif|seropositive|antiretroviraux|tritherapie
infection transmissible sexuellement|infections transmissibles sexuellement|ITS|ITSS|MST|gonorrhee|chlamydiose|herpes genital|condylomes`

const reproductiveCues = `pregnant|pregnancy|pregnancies|abortion|abortions|miscarriage|stillbirth|ectopic pregnancy|contraception|contraceptive|contraceptives
birth control|intrauterine device|IUD|mirena|nexplanon|depo provera|emergency contraception|plan b|mifepristone|tubal ligation|vasectomy|in vitro fertilization
IVF|infertility|fertility treatment|fertility clinic|egg retrieval|embryo transfer|gravida|primigravida|multigravida|antepartum|postpartum|prenatal|prenatal care
obstetric|obstetrical|obstetrics|gestational diabetes|gestational age|weeks gestation|dilation and curettage|termination of pregnancy|hysterectomy|sterilization procedure
enceinte|grossesse|grossesses|avortement|avortements|IVG|fausse couche|contraceptif|contraceptifs|contraceptive orale|sterilet|pilule contraceptive|pilule du lendemain
fecondation in vitro|FIV|infertilite|post partum|prenatale|obstetrique|ligature des trompes|vasectomie|interruption volontaire de grossesse|hysterectomie`

const assaultCues = `sexual assault|sexually assaulted|sexual abuse|sexually abused|sexual violence|rape|raped|rapist|rape kit|SANE|forensic exam|forensic examination
molested|molestation|incest|nonconsensual sex|non consensual sex|child sexual abuse|sex trafficking|sexual exploitation|agression sexuelle|agressions sexuelles
agressee sexuellement|agresse sexuellement|abus sexuel|abus sexuels|abusee sexuellement|abuse sexuellement|violence sexuelle|violences sexuelles|viol|violee|inceste
exploitation sexuelle|attouchements|trousse medicolegale`

const minorCues = `newborn|neonate|nourrisson|nouveau ne|nouveau nee|toddler|pediatric patient|paediatric patient|minor child|unaccompanied minor|teenager|adolescent patient
adolescent|adolescente|patient pediatrique|patiente pediatrique|preteen|schoolchild|premature infant|preterm infant|enfant mineur`

const otherMeanings = `pregnancy category|pregnancy test kit|st depression|st segment depression|respiratory depression|bone marrow depression|depressed skull fracture
depression respiratoire|depression du segment|depression medullaire|hearing aids|hearing aid|visual aids|mobility aids|walking aids|non alcoholic
nonalcoholic|alcohol swab|alcohol swabs|alcohol wipe|isopropyl alcohol|alcohol based|adolescent medicine|psychiatric history form|rape seed|enceinte acoustique
conception of|plan b study|addiction medicine conference|hallucinations hypnagogic`
