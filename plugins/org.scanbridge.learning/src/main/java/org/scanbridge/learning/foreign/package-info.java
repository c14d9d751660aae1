/** Networks of other software, used as they are: what is known of them, and how they are run. */
package org.scanbridge.learning.foreign;
