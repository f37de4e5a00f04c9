"""Writes clinic.csv and golden.json: a table of people who never lived, from a
seeded generator, and what pyCANON 1.3.6 measures on it.

    python3 -m venv venv && venv/bin/pip install pycanon==1.3.6
    venv/bin/python golden.py
"""

import json
import math
import random

import pandas as pd
from pycanon import anonymity

QUASI = ["age", "sex", "zip3"]
COLUMNS = QUASI + ["diagnosis", "days", "plan"]


def clinic(rows=400, seed=20261121):
    draw = random.Random(seed)
    table = []
    for _ in range(rows):
        low = draw.choice([20, 40, 60])
        diagnosis = draw.choices(
            ["asthma", "diabetes", "hypertension", "migraine", "gout"], [5, 4, 6, 3, 2]
        )[0]
        table.append(
            [
                f"{low}-{low + 19}",
                draw.choice("FM"),
                draw.choices(["021", "100", "606"], [5, 4, 3])[0],
                diagnosis,
                min(9, int(draw.expovariate(0.4)) + 1),
                draw.choice(["bronze", "silver", "gold"]),
            ]
        )
    return pd.DataFrame(table, columns=COLUMNS)


def measure(data, quasi, sensitive, gen=True):
    alpha, k = anonymity.alpha_k_anonymity(data, quasi, sensitive, gen)
    c, l_c = math.nan, 0
    if gen:  # pyCANON takes l from the wider classes otherwise and divides by zero
        c, l_c = anonymity.recursive_c_l_diversity(data, quasi, sensitive)
    return {
        "gen": gen,
        "quasi": quasi,
        "sensitive": sensitive,
        "k": anonymity.k_anonymity(data, quasi),
        "alpha": alpha,
        "alpha_k": k,
        "l": anonymity.l_diversity(data, quasi, sensitive, gen),
        "entropy_l": anonymity.entropy_l_diversity(data, quasi, sensitive, gen),
        "c": None if math.isnan(c) else int(c),
        "c_l": int(l_c),
        "t": anonymity.t_closeness(data, quasi, sensitive, gen),
        "basic_beta": anonymity.basic_beta_likeness(data, quasi, sensitive, gen),
        "enhanced_beta": anonymity.enhanced_beta_likeness(data, quasi, sensitive, gen),
        "delta": anonymity.delta_disclosure(data, quasi, sensitive, gen),
    }


def main():
    data = clinic()
    data.to_csv("clinic.csv", index=False)
    data = pd.read_csv("clinic.csv", dtype={"zip3": str})
    cases = [
        measure(data, QUASI, ["diagnosis"]),
        measure(data, QUASI, ["days"]),
        measure(data, QUASI, ["plan"]),
        measure(data, QUASI, ["diagnosis", "days", "plan"]),
        measure(data, ["age", "sex"], ["diagnosis"]),
        measure(data, ["zip3"], ["days"]),
        measure(data, ["age", "sex", "zip3", "plan"], ["diagnosis"]),
        measure(data, ["age"], ["diagnosis", "plan"], False),
        measure(data, QUASI, ["diagnosis", "days"], False),
    ]
    with open("golden.json", "w", encoding="utf-8") as out:
        json.dump(cases, out, indent=1, default=float)
        out.write("\n")


main()
