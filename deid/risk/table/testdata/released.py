"""Writes released.csv and released.json: what anjana 1.2.3 makes of a table of
people who never lived when it is asked for k-anonymity, l-diversity and
t-closeness, and the pyCANON 1.3.5 that comes with it measures on the result.

    python3 -m venv venv && venv/bin/pip install anjana==1.2.3
    venv/bin/python released.py
"""

import json
import random

import pandas as pd
from anjana.anonymity import t_closeness
from pycanon import anonymity

QUASI = ["age", "zip"]


def people(rows=250, seed=20261122):
    draw = random.Random(seed)
    return pd.DataFrame(
        [
            [
                draw.randint(20, 79),
                f"{draw.choice([21, 22, 100, 101])}{draw.randint(0, 9):02d}",
                draw.choices(["asthma", "diabetes", "gout"], [4, 3, 3])[0],
            ]
            for _ in range(rows)
        ],
        columns=QUASI + ["diagnosis"],
    )


def main():
    data = people()
    ages, zips = data.age.values, data.zip.values
    hierarchies = {
        "age": {
            0: ages,
            1: [f"{a // 10 * 10}-{a // 10 * 10 + 9}" for a in ages],
            2: [f"{a // 20 * 20}-{a // 20 * 20 + 19}" for a in ages],
            3: ["*"] * len(ages),
        },
        "zip": {
            0: zips,
            1: [z[:-2] + "**" for z in zips],
            2: [z[:1] + "****" for z in zips],
            3: ["*"] * len(zips),
        },
    }
    out = t_closeness(data, [], QUASI, "diagnosis", 8, 0.25, 5, hierarchies)
    out.to_csv("released.csv", index=False)
    beta = anonymity.basic_beta_likeness(out, QUASI, ["diagnosis"])
    with open("released.json", "w", encoding="utf-8") as f:
        json.dump(
            {
                "asked_k": 8,
                "asked_t": 0.25,
                "rows": len(out),
                "k": anonymity.k_anonymity(out, QUASI),
                "l": anonymity.l_diversity(out, QUASI, ["diagnosis"]),
                "t": anonymity.t_closeness(out, QUASI, ["diagnosis"]),
                "basic_beta": beta,
            },
            f,
            indent=1,
            default=float,
        )
        f.write("\n")


main()
