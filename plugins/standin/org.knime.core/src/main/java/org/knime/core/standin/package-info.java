/**
 * The host's side of the stand-in, which KNIME does not have. The batch executor and tests use it, nodes never do.
 * <ul>
 * <li>{@code extension}: what plugin.xml files register, from the platform's registry or the class path</li>
 * <li>{@code config}: settings as XML</li>
 * <li>{@code table}: where the rows of tables are kept</li>
 * <li>{@code filestore}: where file stores are kept and found again</li>
 * <li>{@code variable}: flow variables in settings</li>
 * <li>{@code run}: one node of a running workflow; start reading at {@code NodeHost}</li>
 * </ul>
 */
package org.knime.core.standin;
