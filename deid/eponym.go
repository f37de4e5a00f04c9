package deid

import (
	"strings"

	"chaperone/reference"
)

// moreEponyms are names of tests, signs, operations, instruments and dressings
// that are hardly anybody's here, beside those of the lists. Where a title, a
// label or a relative stands before one it is a name all the same.
var moreEponyms = func() map[reference.Key]bool {
	m := map[reference.Key]bool{}
	for _, w := range strings.Fields(`judkins romberg kittner kitner kerrison penfield adson debakey satinsky metzenbaum weitlaner gelpi bookwalter hohmann langenbeck volkmann liston gigli leksell yankauer jamar norian healon viscoat provisc miochol
		utrata sinskey kuglen colibri barraquer castroviejo vannas watzke erich webril kerlix xeroform adaptic telfa tegaderm dermabond surgicel gelfoam avitene floseal tisseel hemaseel monocryl vicryl prolene ethibond nurolon dexon maxon
		ethilon marlex alloderm ligasure raytec cavitron hasson veress seldinger phalen tinel finkelstein spurling lhermitte lasegue fabere thessaly gaenslen yergason lachman mcmurray homans brudzinski kernig chvostek trousseau courvoisier rovsing
		nikolsky auspitz koebner gottron janeway kussmaul biot corrigan quincke musset duroziez traube durkan froment wartenberg jendrassik rinne schwabach bielschowsky hirschberg snellen amsler schirmer seidel bitot gowers moro babinski galant
		ortolani galeazzi dubowitz pfannenstiel kielland hegar goodell naegele nagele spetzler fazekas barthel karnofsky zubrod waterlow aldrete mallampati wechsler vineland achenbach rorschach zung epworth framingham ranson balthazar maddrey rockall
		blatchford rutgeerts truelove schatzki zenker meckel treitz oddi vater santorini wirsung morison calot hartmann whipple billroth nissen toupet lichtenstein shouldice bassini mcvay stoppa kraske altemeier delorme hueter ilizarov ponseti dega chiari monro sylvian
		rolandic broca wernicke korsakoff creutzfeldt lewy hirschsprung behcet sjogren felty basedow kallmann klinefelter marfan ehlers danlos alport goodpasture henoch schonlein wegener churg wilms burkitt sezary waldenstrom fanconi gaucher niemann
		krabbe pompe kearns sayre leber stargardt duchenne guillain charcot friedreich tourette asperger angelman prader crouzon apert digeorge eisenmenger ebstein fallot brugada mobitz wenckebach prinzmetal rendu raynaud buerger kaposi merkel dercum mondor dupuytren
		peyronie colles monteggia lisfranc maisonneuve bankart scheuermann schmorl babcock kocher bovie rhoton lembert bunnell krackow gortex penrose hemovac groshong broviac hickman quinton shiley
		bivona portex dobhoff sengstaken salem lovenox heimlich thoravent pleurx aspira tenckhoff swan ganz cordis palmaz amplatz glidewire bentson kumpe
		trendelenburg kubler sternbach wilcoxon wilcoxons kruskal bonferroni tukey dunnett kolmogorov smirnov likert dawley cronbach spearman kaizen delphi bugbee delee oconnor crowe kegel buteyko feldenkrais epley semont hallpike bobath sauvegrain greulich lenke schatzker gustilo gartland frohse cavit dycal gutta carbocaine septocaine marcaine sensorcaine naropin exparel duramorph astramorph precedex diprivan`) {
		m[reference.KeyOf(w)] = true
	}
	return m
}()
