# SPDX-License-Identifier: Apache-2.0
"""The figures of a page of `hdpsim report --html` as vector PDF: what tools/plot.py is made of."""
