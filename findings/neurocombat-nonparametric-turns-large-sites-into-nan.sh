#!/usr/bin/env bash
# Library:  neuroCombat 0.2.12 (Python, the reference implementation of ComBat for images) with numpy 1.26.4 and pandas 2.2.3, Python 3.11.
# Guess:    more rows per site make a harmonization safer, with parametric and non-parametric priors alike.
# Behavior: with non-parametric priors every value of a site with many rows becomes NaN, without an error. The other features'
#           estimates are weighed by the likelihood of a feature's values at the site, a product of one density per row, not
#           summed in logarithms: with enough rows all weights underflow to 0, and 0 / 0 becomes the site's shift and variance.
#           Apart from that, one missing value of one feature makes every value of every feature NaN with empirical Bayes.
# Seen on:  2026-11-29. Output seen:
#             100 rows a site, non-parametric: 0 of 1000 values are NaN
#             1200 rows a site, non-parametric: 12000 of 12000 values are NaN
#             1200 rows a site, parametric: 0 of 12000 values are NaN
#             100 rows a site, parametric, one value missing: 1000 of 1000 values are NaN
# What it means here: our ComBat sums logarithms, and fits a feature with missing values to the other rows; tests say both.
set -euo pipefail
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
python3 -m venv "$TEMPORARY/venv"
"$TEMPORARY/venv/bin/pip" install -q neuroCombat==0.2.12 numpy==1.26.4 pandas==2.2.3
cat > "$TEMPORARY/run.py" <<'PYTHON'
import contextlib
import io
import warnings

import numpy as np
import pandas as pd
from neuroCombat import neuroCombat


def count(rows, parametric, missing):
    random = np.random.default_rng(1)
    features, sites = 5, 2
    data = random.normal(10, 1, (features, sites * rows))
    data[:, rows:] = 1.2 * data[:, rows:] + 1
    if missing:
        data[0, 0] = np.nan
    covariates = pd.DataFrame({'site': ['a'] * rows + ['b'] * rows})
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        harmonized = neuroCombat(dat=data, covars=covariates, batch_col='site', parametric=parametric)['data']
    print(f'{rows} rows a site, {"" if parametric else "non-"}parametric{", one value missing" if missing else ""}: '
          f'{np.isnan(harmonized).sum()} of {harmonized.size} values are NaN')


count(100, False, False)
count(1200, False, False)
count(1200, True, False)
count(100, True, True)
PYTHON
"$TEMPORARY/venv/bin/python" "$TEMPORARY/run.py" 2> /dev/null | tee "$TEMPORARY/seen"
cat > "$TEMPORARY/expected" <<'TEXT'
100 rows a site, non-parametric: 0 of 1000 values are NaN
1200 rows a site, non-parametric: 12000 of 12000 values are NaN
1200 rows a site, parametric: 0 of 12000 values are NaN
100 rows a site, parametric, one value missing: 1000 of 1000 values are NaN
TEXT
diff "$TEMPORARY/expected" "$TEMPORARY/seen"
