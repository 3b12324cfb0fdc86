"""The round of dog searches: which entrances are searched one week, and in which walks.

Only entrances with valid consent can be taken. A share is taken by need, the rest is drawn among
those that have waited longest, and every owner and area has its least share.
"""
