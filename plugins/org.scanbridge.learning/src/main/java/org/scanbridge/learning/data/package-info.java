/** Cases, and patches drawn from them. */
package org.scanbridge.learning.data;
