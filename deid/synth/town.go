package synth

// The towns of each country with their state or province and the shape of
// their postal codes: # stands for any digit, A for any letter. Public
// geography; which town somebody gets is chance.
const (
	townsUS = `Springfield|IL|627##
Portland|OR|972##
Tulsa|OK|741##
Boise|ID|837##
Bozeman|MT|597##
Duluth|MN|558##
Savannah|GA|314##
Chattanooga|TN|374##
Albuquerque|NM|871##
Worcester|MA|016##
Poughkeepsie|NY|126##
Fresno|CA|937##
San Luis Obispo|CA|934##
Fort Wayne|IN|468##
Eau Claire|WI|547##
Grand Rapids|MI|495##
Winston-Salem|NC|271##
Baton Rouge|LA|708##
Corpus Christi|TX|784##
El Paso|TX|799##
Lubbock|TX|794##
Cedar Rapids|IA|524##
Sioux Falls|SD|571##
Missoula|MT|598##
Spokane|WA|992##
Yakima|WA|989##
Hoboken|NJ|070##
Schenectady|NY|123##
Altoona|PA|166##
St. Cloud|MN|563##
Coeur d'Alene|ID|838##
Truth or Consequences|NM|879##
Marietta|OH|457##
Rancho Cucamonga|CA|917##
Cambridge|MA|021##
Hope|AR|718##
Independence|MO|640##
Mesa|AZ|852##`
	townsCA = `Toronto|ON|M5A #A#
Ottawa|ON|K1A #A#
Thunder Bay|ON|P7B #A#
Kitchener|ON|N2G #A#
Moose Jaw|SK|S6H #A#
Saskatoon|SK|S7K #A#
Red Deer|AB|T4N #A#
Medicine Hat|AB|T1A #A#
Kelowna|BC|V1Y #A#
Nanaimo|BC|V#R #A#
Prince George|BC|V2L #A#
Brandon|MB|R7A #A#
Moncton|NB|E1C #A#
Halifax|NS|B3H #A#
Charlottetown|PE|C1A #A#
Corner Brook|NL|A2H #A#
Whitehorse|YT|Y1A #A#
Yellowknife|NT|X1A #A#
Iqaluit|NU|X0A #A#
Gatineau|QC|J8X #A#
Trois-Rivières|QC|G#A #A#
Saint-Jérôme|QC|J7Z #A#
Chicoutimi|QC|G7H #A#
Rimouski|QC|G5L #A#
Val-d'Or|QC|J#P #A#`
	townsGB = `Leeds||LS9 #AA
Sheffield||S# #AA
Bristol||BS# #AA
Stoke-on-Trent||ST# #AA
Milton Keynes||MK# #AA
Aberystwyth||SY2# #AA
Inverness||IV# #AA
Newcastle upon Tyne||NE# #AA
Kirkcaldy||KY# #AA
Great Yarmouth||NR## #AA
Bury St Edmunds||IP## #AA
Reading||RG# #AA
Bath||BA# #AA`
	townsAU = `Parramatta|NSW|2###
Wagga Wagga|NSW|2###
Geelong|VIC|3###
Ballarat|VIC|3###
Toowoomba|QLD|4###
Cairns|QLD|4###
Fremantle|WA|6###
Alice Springs|NT|087#
Launceston|TAS|7###
Mount Gambier|SA|5###`
	townsNZ = `Dunedin||####
Palmerston North||44##
Whangārei||01##
Rotorua||30##
Invercargill||#8##
Tauranga||31##
Hamilton||32##`
	townsFR = `Lyon||69009
Montpellier||34###
Saint-Étienne||42###
Clermont-Ferrand||63###
Aix-en-Provence||13###
Le Havre||76###
Villeurbanne||69###
Bourg-en-Bresse||01###
La Rochelle||17###
Nantes||44###
Saint-Denis||93299
Quimper||29###
L'Haÿ-les-Roses||94###
Créteil||94###
Besançon||25###
Tours||37###`
	townsQC = `Sherbrooke|QC|J1H #A#
Drummondville|QC|J2B #A#
Saint-Hyacinthe|QC|J2S #A#
Shawinigan|QC|G9N #A#
Alma|QC|G8B #A#
La Tuque|QC|G9X #A#
Baie-Comeau|QC|G4Z #A#
Sept-Îles|QC|G4R #A#
Matane|QC|G4W #A#
Gaspé|QC|G4X #A#
Rivière-du-Loup|QC|G5R #A#
Rouyn-Noranda|QC|J9X #A#
Joliette|QC|J6E #A#
Sorel-Tracy|QC|J3P #A#
Lévis|QC|G6V #A#
Longueuil|QC|J4K #A#
Laval|QC|H7# #A#
Montréal|QC|H2X #A#
Saint-Georges de Beauce|QC|G5Y #A#
Sainte-Anne-des-Monts|QC|G4V #A#
Notre-Dame-du-Portage|QC|G0L #A#
Mont-Laurier|QC|J9L #A#
Edmundston|NB|E3V #A#
Bathurst|NB|E2A #A#
Caraquet|NB|E1W #A#
Dieppe|NB|E1A #A#
Shippagan|NB|E8S #A#
Tracadie|NB|E1X #A#
Campbellton|NB|E3N #A#
Hawkesbury|ON|K6A #A#
Saint-Boniface|MB|R2H #A#`
	townsBE = `Liège||40##
Namur||50##
Charleroi||60##
Mons||70##
Tournai||75##
Verviers||48##
Ixelles||1050
Braine-l'Alleud||142#
Ottignies||13##
Arlon||67##
La Louvière||71##
Huy||45##`
	townsCH = `Lausanne||10##
Genève||12##
Fribourg||17##
Neuchâtel||20##
Sion||19##
Yverdon-les-Bains||14##
La Chaux-de-Fonds||23##
Vevey||18##
Martigny||19##
Delémont||28##
Nyon||12##
Bulle||16##`
	townsES = `Zaragoza||500##
Valladolid||470##
Badajoz||060##
Cáceres||100##
Gijón||332##
Jerez de la Frontera||114##
Alcalá de Henares||288##
L'Hospitalet de Llobregat||089##
Vitoria-Gasteiz||010##
Logroño||260##
Talavera de la Reina||456##
Elche||032##
Lugo||270##
Mérida||068##
Santa Cruz de Tenerife||380##
Móstoles||289##`
	townsMX = `Guadalajara|Jalisco|44###
Zapopan|Jalisco|45###
Puebla|Puebla|72###
Tlaxcala|Tlaxcala|90###
Morelia|Michoacán|58###
Uruapan|Michoacán|60###
Oaxaca|Oaxaca|68###
Juchitán|Oaxaca|70###
Tuxtla Gutiérrez|Chiapas|29###
San Cristóbal de las Casas|Chiapas|29###
Hermosillo|Sonora|83###
Ciudad Juárez|Chihuahua|32###
Torreón|Coahuila|27###
Culiacán|Sinaloa|80###
Irapuato|Guanajuato|36###
Tehuacán|Puebla|75###
Mérida|Yucatán|97###
Ecatepec|Estado de México|55###`
)
