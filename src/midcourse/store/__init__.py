"""What a study has computed, kept where it may be cut off at any moment: labelled arrays, each piece with its
checksum, and the record of what is whole. It knows nothing of missiles.
"""
