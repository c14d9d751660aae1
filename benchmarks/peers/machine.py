"""What the comparisons say of the machine."""


def processor():
    with open('/proc/cpuinfo', encoding='ascii') as info:
        return next((line.split(':')[1].strip() for line in info if line.startswith('model name')), 'unknown processor')
