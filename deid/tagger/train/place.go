package main

import "strings"

// Towns and houses that no list holds, in the shapes that towns and houses
// have, so that the model learns the shapes.

var (
	townEnds   = strings.Fields("ville ton burg field ford ham wood port mouth dale bury worth stead holm by wick ley more grove land view water boro kirk shire berg stad ovo igan aska oka uit iq")
	townHeads  = []string{"North", "South", "East", "West", "New", "Old", "Upper", "Lower", "Fort", "Port", "Lake", "Mount", "Saint", "St.", "St", "San", "Santa", "El", "La", "Los", "Las", "Grand", "Big", "Little", "Cape", "Point", "Glen", "Castle", "Great", "Rancho", "Villa"}
	townTails  = strings.Fields("Falls Creek Springs Valley Hills Lake River Bay Harbour Rapids Pass Cove Landing Junction Ridge Beach City Grove Point Mills Hollow Heights Village Corners Prairie Butte Island Park Post Bluffs Gap Fork Lick Hat Jaw Narrows Inlet")
	frenchEnds = []string{"-sur-Mer", "-les-Bains", "-le-Vieux", "-sur-Loire", "-en-Bresse", "-du-Lac", "-des-Monts", "-la-Forêt", "-de-Beauce", "-des-Neiges", "-le-Comte", "-aux-Bois"}
	nature     = strings.Fields("oak maple cedar pine birch elm willow ash holly ivy fern heather rose lily clover sage laurel hazel aspen spruce juniper cypress magnolia river lake brook creek spring valley hill ridge mountain prairie meadow field stone rock sand shore harbor bay cove cliff canyon glen sun moon star sky dawn summer winter autumn spring north south east west silver gold copper iron blue red white green black eagle hawk raven swan fox deer bear wolf bluestem sunflower lakota summit horizon heritage liberty mission harvest crossing bridge mill gate tower castle crown royal park garden orchard vine wheat rural plains battle valley kettle crane anchor lantern beacon compass")
	viewEnds   = strings.Fields("side wood view field brook hurst ridge crest haven dale gate ford mere land vale water line stone croft point")
)

// town makes the name of a town.
func (v *vocabulary) town(c *caser) string {
	family := func() string { return c.pick(v.family) }
	word := func() string { return title(c.pick(v.common)) }
	switch c.n(14) {
	case 0, 1, 2:
		return title(c.invent(1)) + c.pick(townEnds)
	case 3, 4:
		return title(c.invent(3 + c.n(2)))
	case 5:
		return title(c.invent(2))
	case 6, 7:
		return c.pick(townHeads) + " " + c.pick([]string{family(), title(c.invent(2)), word()})
	case 8, 9:
		return title(c.pick(nature)) + " " + c.pick(townTails)
	case 10:
		return word() + " " + c.pick(townTails)
	case 11:
		return family() + " " + c.pick(townTails)
	case 12:
		return c.pick([]string{"Saint-", "Sainte-", "Val-", "Mont-", "Notre-Dame-de-"}) + c.pick(v.given)
	}
	if c.n(2) == 0 {
		return title(c.invent(2)) + c.pick(frenchEnds)
	}
	return "Saint-" + c.pick(v.given) + c.pick(frenchEnds)
}

// view makes what hospitals, homes and firms are called after.
func (v *vocabulary) view(c *caser) string {
	word := func() string { return title(c.pick(v.common)) }
	natural := func() string { return title(c.pick(nature)) }
	switch c.n(12) {
	case 0, 1, 2:
		return natural() + c.pick(viewEnds)
	case 3, 4, 5:
		return natural() + " " + natural()
	case 6:
		return natural()
	case 7:
		return word() + " " + natural()
	case 8:
		return natural() + " " + word()
	case 9:
		return word()
	case 10:
		return c.pick([]string{"Two", "Three", "Four", "Tall", "Whispering", "Little", "Old", "New", "Happy", "Gentle", "Busy"}) + " " + natural() + "s"
	}
	return word() + " " + word()
}

var (
	frenchHeads  = strings.Fields("Vieux Vieille Grand Grande Petit Petite Haut Haute Beau Belle Trois Deux Quatre Nouveau")
	frenchThings = strings.Fields("Moulin Pont Port Lac Bois Mont Val Chêne Érable Tilleul Lavoir Sentier Rivière Fontaine Source Clocher Phare Rocher Verger Jardin Prairie Colline Vallon Ruisseau Cascade Étoile Soleil Lune Hirondelle Mésange Cigogne Renard Cerf Loup Abeille Coquelicot Pommier Cerisier Lilas Glycine Hortensia Bruyère Rosier Faubourg Quai Verrière Forge Tannerie Fonderie Ribambelle Farandole Passerelle Oasis Boréale Aurore Horizon Portage Rapide Plateau")
)

// vue makes what French houses are called after.
func (v *vocabulary) vue(c *caser) string {
	thing := func() string { return c.pick(frenchThings) }
	switch c.n(6) {
	case 0:
		return c.pick(frenchHeads) + "-" + thing()
	case 1:
		return c.pick([]string{"Saint-", "Sainte-", "Notre-Dame-de-"}) + c.pick(v.given)
	case 2:
		return thing() + "s"
	case 3:
		return thing() + c.pick([]string{" du ", " de la ", "-du-", "-des-"}) + thing()
	case 4:
		return title(c.invent(2))
	}
	return thing()
}

// coined makes a word that a firm goes by.
func (v *vocabulary) coined(c *caser) string {
	switch c.n(4) {
	case 0:
		return title(c.pick(nature)) + c.pick(v.common)
	case 1:
		return title(c.invent(2)) + c.pick([]string{"", "a", "is", "tek", "ex", "co", "on", "ia"})
	case 2:
		return title(c.invent(1)) + " " + title(c.pick(v.common))
	}
	return title(c.invent(2))
}
