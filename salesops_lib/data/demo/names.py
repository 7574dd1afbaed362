"""Invented names of the demo company's people and accounts; any likeness is chance."""

from __future__ import annotations

import numpy as np

PEOPLE = (
    "Amara Osei", "Joel Lindqvist", "Priya Raghunathan", "Mateo Arriaga", "Hannah Kessler", "Tunde Bakare",
    "Sofia Marchetti", "Liam O'Hanlon", "Mei-Ling Chou", "Jonas Brandvold", "Camila Duarte", "Farid Nazari",
    "Grace Whitcombe", "Nikhil Deshmukh", "Elena Vasquez", "Otis Fairbanks", "Yuki Morimoto", "Rosa Delgadillo",
    "Daniel Achterberg", "Zainab Yusuf", "Marcus Hollis", "Ingrid Solheim", "Viktor Petrenko", "Aaliyah Brooks",
    "Chidi Nwosu", "Laura Fenwick", "Andre Baptiste", "Katya Orlova", "Samir Haddad", "Noor van Dijk",
    "Beatriz Figueira", "Tomasz Wierzba", "Claire Delacourt", "Emre Aydemir", "Wendell Pruitt", "Sunita Kapadia",
    "Gareth Llewelyn", "Paloma Iturbide", "Kwame Boateng", "Astrid Nyholm", "Rafael Quintana", "Leila Mansouri",
    "Brandon Escobedo", "Hye-jin Nam", "Theodora Pappas", "Oluwaseun Adeyemi", "Maren Holtkamp", "Desmond Clarke",
    "Anjali Venkataraman", "Piotr Zielony", "Naomi Castellano", "Idris Farouk", "Freya Gunnarsdottir", "Caleb Winslow",
)  # fmt: skip
FIRST_NAMES = (
    "Adaeze", "Bram", "Chiara", "Dmitri", "Esther", "Felipe", "Gulsen", "Henrik", "Imani", "Jun", "Kaveh", "Lucia",
    "Miriam", "Nadia", "Omar", "Petra", "Quentin", "Rania", "Stellan", "Tara", "Ulrike", "Vera", "Wanjiru", "Yosef",
)  # fmt: skip
LAST_NAMES = (
    "Abernathy", "Bergstrom", "Cardoso", "Dhillon", "Eriksen", "Fontaine", "Grinberg", "Hashimoto", "Ivanova",
    "Jimenez", "Kowalczyk", "Lombardi", "Mbeki", "Novak", "Okonkwo", "Pereira", "Rahimi", "Sandoval", "Tanaka",
    "Underhill", "Velasco", "Whitaker", "Yamada", "Zambrano",
)  # fmt: skip

_FIRST_WORDS = (
    "Alder", "Amber", "Anchor", "Arbor", "Aspen", "Beacon", "Birch", "Bluestone", "Bramble", "Bright", "Brook",
    "Canyon", "Cedar", "Chalk", "Cinder", "Clearwater", "Cliff", "Cobalt", "Copper", "Coral", "Crane", "Crescent",
    "Dawn", "Delta", "Drift", "Dune", "East", "Elm", "Ember", "Falcon", "Fern", "Field", "Flint", "Fox", "Garnet",
    "Glade", "Granite", "Grove", "Harbor", "Hawthorn", "Hazel", "Heron", "High", "Hollow", "Indigo", "Iron",
    "Ivory", "Jasper", "Juniper", "Kestrel", "Lake", "Lantern", "Larch", "Laurel", "Linden", "Lower", "Lumen",
    "Maple", "Marble", "Marsh", "Meadow", "Mill", "Mint", "Moss", "North", "Oak", "Ochre", "Olive", "Orchard",
    "Osprey", "Otter", "Pearl", "Pine", "Plover", "Prairie", "Quarry", "Quartz", "Raven", "Reed", "Ridge", "River",
    "Rowan", "Saffron", "Sage", "Sand", "Silver", "Slate", "Spruce", "Stone", "Summit", "Swift", "Tamarack", "Teal",
    "Thistle", "Timber", "Umber", "Upper", "Vale", "Violet", "Walnut", "West", "Willow", "Winter", "Wren", "Yarrow",
)  # fmt: skip
_SECOND_WORDS = (
    "bank", "bay", "bend", "bridge", "brook", "burn", "cove", "crest", "croft", "dale", "fall", "field", "ford",
    "gate", "haven", "head", "hill", "holm", "land", "leaf", "light", "line", "mark", "mere", "mont", "path",
    "point", "port", "reach", "rise", "root", "row", "shore", "side", "spring", "stead", "storm", "strand", "view",
    "ward", "water", "way", "well", "wick", "wood", "worth",
)  # fmt: skip
_BUSINESSES = {
    "Manufacturing": ("Tools", "Components", "Works"),
    "Retail": ("Stores", "Outfitters", "Trading"),
    "Healthcare": ("Clinics", "Care", "Dental Group"),
    "Logistics": ("Freight", "Logistics", "Haulage"),
    "Software": ("Software", "Labs", "Digital"),
    "Financial services": ("Advisers", "Insurance", "Capital"),
    "Education": ("Learning", "College", "Academy"),
    "Hospitality": ("Hotels", "Kitchens", "Travel"),
}
INDUSTRIES = tuple(_BUSINESSES)

# Names as real CRMs hold them: markup, formulas, quotes and accents must all reach a report unharmed.
AWKWARD_ACCOUNTS = (
    "D'Angelo & Sons <Catering>",
    "=Sum Foods",
    "+Plus Fitness",
    "@Home Repairs",
    'The "Good" Bakery',
    "Ångström Brød ApS",
)


def people_names(n: int) -> list[str]:
    """The first ``n`` names of staff; no name comes twice among the first 630."""
    pairs = len(FIRST_NAMES) * len(LAST_NAMES)
    more = [
        f"{FIRST_NAMES[i % len(FIRST_NAMES)]} {LAST_NAMES[(i // len(FIRST_NAMES) + i) % len(LAST_NAMES)]}"
        for i in range(min(n, pairs))
    ]
    names = [*PEOPLE, *more]
    return [names[i % len(names)] for i in range(n)]


def account_names(rng: np.random.Generator, industries: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    """One name per account, fit for its industry; no name comes twice but the near-duplicates planted on purpose.

    Every 400th account repeats the name of the one before it in another spelling, as typed by a second rep.
    """
    n, seconds = len(industries), len(_SECOND_WORDS)
    words = rng.choice(len(_FIRST_WORDS) * seconds * 3, size=n, replace=n > len(_FIRST_WORDS) * seconds * 3)
    kinds = [_BUSINESSES[industry] for industry in INDUSTRIES]
    names = [
        f"{_FIRST_WORDS[word // 3 // seconds]}{_SECOND_WORDS[word // 3 % seconds]} {kinds[industry][word % 3]}"
        for word, industry in zip(words.tolist(), industries.tolist(), strict=True)
    ]
    for place, awkward in enumerate(AWKWARD_ACCOUNTS):
        if 50 * place + 7 < n:
            names[50 * place + 7] = awkward
    for place in range(399, n, 400):
        names[place] = f"{names[place - 1].upper()} Inc."
    return names
