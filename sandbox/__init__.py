"""An AWS in a box: moto made strict, the functions as deployed, and a stand-in for Alexa. Never
deployed.
"""
