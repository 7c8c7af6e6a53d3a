"""The voice door: Alexa requests in, speech and screens out. The only place that imports
ask_sdk*.
"""
