package org.knime.core.node.config;

import org.knime.core.data.DataType;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.base.ConfigBase;

/** A settings tree in memory that may hold data types. */
public abstract class Config extends ConfigBase implements ConfigRO, ConfigWO {

    /** @param key the name of this tree in its parent */
    protected Config(final String key) {
        super(key);
    }

    @Override
    public abstract Config getInstance(String key);

    @Override
    public final Config getConfig(final String key) throws InvalidSettingsException {
        return (Config)getConfigBase(key);
    }

    @Override
    public final Config addConfig(final String key) {
        return (Config)addConfigBase(key);
    }

    @Override
    public final DataType getDataType(final String key) throws InvalidSettingsException {
        return DataType.load(getConfig(key));
    }

    @Override
    public final DataType getDataType(final String key, final DataType defaultValue) {
        try {
            return getDataType(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public final void addDataType(final String key, final DataType type) {
        type.save(addConfig(key));
    }
}
