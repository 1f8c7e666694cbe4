"""What one run of the shield leaves behind: a record of events, a summary, a report with its picture, and the
run in space and time for a globe.
"""
