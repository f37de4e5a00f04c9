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
)
